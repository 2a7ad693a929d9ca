// Parts that are drawn again only when what they show has changed: a hand that turns one number must not wait for all.

import { Component, type FunctionComponent } from "preact";
import { useRef } from "preact/hooks";

/** Functions among the props do not count: give them a meaning that does not age, as `useLatest` does. */
export function memo<P extends object>(Part: FunctionComponent<P>): FunctionComponent<P> {
  return class extends Component<P> {
    shouldComponentUpdate(next: P): boolean {
      const before = this.props as Record<string, unknown>;
      const after = next as Record<string, unknown>;
      return Object.keys(after).some((key) => before[key] !== after[key] && typeof after[key] !== "function");
    }

    render() {
      return <Part {...(this.props as P)} />;
    }
  } as unknown as FunctionComponent<P>;
}

/** A function that stays the same and does what the newest one does. */
export function useLatest<A extends unknown[]>(does: (...what: A) => void): (...what: A) => void {
  const newest = useRef(does);
  newest.current = does;
  return useRef((...what: A) => newest.current(...what)).current;
}

import { Component, type ComponentChildren } from "preact";
import { link } from "../url";

/** What goes wrong in one page must not take the others along. */
export class Boundary extends Component<{ children: ComponentChildren }, { error: Error | null }> {
  state = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  render() {
    const error = this.state.error as Error | null;
    if (!error) return this.props.children;
    return (
      <section class="panel" role="alert">
        <h1 id="heading" tabIndex={-1}>
          This page has a fault
        </h1>
        <p>The numbers and your file are safe; only the display failed. It said: {error.message}</p>
        <p>
          <a href={link({ page: "answer", more: {} })}>Go to the answer</a>, or{" "}
          <button onClick={() => location.reload()}>load the page again</button>
        </p>
      </section>
    );
  }
}

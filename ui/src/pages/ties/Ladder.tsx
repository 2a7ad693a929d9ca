// The decision ladder: who moves when within a step, with the options from low to high and how likely each is first.

import type { PageProps } from "..";
import { useSettled, withoutMoves } from "../../parts/Basis";
import { Asked, Panel, useAsk } from "../../parts/common";
import { Intervals } from "../../parts/charts/Intervals";
import { capital, listed, percent, plainName } from "../../parts/numbers";
import type { Estimate, Model } from "../../types";
import { link } from "../../url";
import { orderOf, type Order, type TurnShown } from "./show";

/** As the file has it, actor by actor, where the game is not laid out. */
const fallback = (model: Model): Order => ({
  turns: model.actors.flatMap((actor) => actor.turns.map((turn) => ({ name: turn.name, actor: actor.name, together: "" }))),
  events: model.events.map((event) => ({ name: event.name, outcomes: [] })),
});

interface RungProps {
  model: Model;
  shown: TurnShown;
  /** Empty until there is an answer; null where it is not told. */
  first: Record<string, Estimate> | null;
  /** What the answer rests on. */
  label: string;
}

function Rung({ model, shown, first, label }: RungProps) {
  const options = model.actors.flatMap((actor) => actor.turns).find((turn) => turn.name === shown.name)?.options ?? [];
  const title = shown.name === shown.actor ? capital(plainName(shown.actor)) : `${capital(plainName(shown.actor))}: ${plainName(shown.name)}`;
  const items = options.map((option) => {
    const share = first?.[option.name];
    return { label: option.says || plainName(option.name), mean: share?.mean ?? null, low: share?.p05 ?? null, high: share?.p95 ?? null };
  });
  const rest = 1 - items.reduce((sum, item) => sum + (item.mean ?? 0), 0);
  return (
    <li>
      <h3>
        {title} {shown.together && <span class="quiet">({shown.together.split(" ").map(plainName).join(" ")})</span>}{" "}
        <a class="why-link" href={link({ page: "why", more: { actor: shown.actor, turn: shown.name } })}>Why</a>
      </h3>
      {first ? (
        <Intervals
          name={`${model.name} first moves ${shown.name}`}
          heading={`How likely each first move of ${title} is, in step 0`}
          says={label ? `${rest < 1e-6 ? `${title} always decides then.` : `With probability ${percent(rest)}, ${title} does not decide then.`} Rests on ${label}.` : "Being worked out."}
          items={items}
          write={percent}
          unit="probability"
          domain={[0, 1]}
        />
      ) : (
        <ol class="options">{options.map((option) => <li>{option.says || plainName(option.name)}</li>)}</ol>
      )}
    </li>
  );
}

function Events({ order }: { order: Order }) {
  return (
    <li>
      <h3>Chance</h3>
      <p>Then these may happen, one after the other:</p>
      <ol class="options">
        {order.events.map((event) => <li>{plainName(event.name)}{event.outcomes.length > 0 && `: ${listed(event.outcomes.map(plainName))}`}</li>)}
      </ol>
    </li>
  );
}

function Rungs({ model, now, order }: PageProps & { order: Order }) {
  const seen = new Set<string>();
  // Where a what-if imposes moves, first moves are not told.
  const firstOf = (actor: string) => (now ? (now.answer.first_moves[actor] ?? null) : {});
  return (
    <ol class="ladder">
      {order.turns.map((shown) => {
        // Only of its first turn is it known what an actor does first.
        const isFirst = !seen.has(shown.actor);
        seen.add(shown.actor);
        return <Rung key={shown.name} model={model} shown={shown} first={isFirst ? firstOf(shown.actor) : null} label={now?.label ?? ""} />;
      })}
      {order.events.length > 0 && <Events order={order} />}
    </ol>
  );
}

export function Ladder(props: PageProps) {
  const { model } = props;
  const settled = withoutMoves(model, useSettled(props.changes));
  const asking = useAsk(model.id, settled, "show");
  return (
    <Panel title={`What happens within a step of ${model.clock.unit}`}>
      <p class="quiet">In this order, options from low to high. Bars say how likely an actor is to take each option in step 0, over everything that can happen before it.</p>
      {asking.state === "failed" ? (
        <>
          <p class="quiet">The order within a step could not be worked out ({asking.error.message}), so actors stand here as in the file.</p>
          <Rungs {...props} order={fallback(model)} />
        </>
      ) : (
        <div class="waits"><Asked asking={asking}>{(result: { text: string }) => <Rungs {...props} order={orderOf(result.text)} />}</Asked></div>
      )}
    </Panel>
  );
}

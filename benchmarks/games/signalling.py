"""Two classics with a private type: beer and quiche (Cho & Kreps 1987), and the chain store (Selten 1978) whose owner
may be one that likes to fight (Kreps & Wilson 1982). Payoffs are uncertain, so that every draw is a game of its own."""

BEER_QUICHE = """foederis: 1
title: Beer and quiche
clock: {step: 1 day, steps: 1}
actors:
  sender: {rationality: 2, types: {strong: surly, weak: 1 - surly}}
  receiver: {rationality: 2}
quantities:
  surly: 85% to 95%
  taste: 0.8 to 1.2
  peace: 1.7 to 2.3
  victory: 0.8 to 1.2
state:
  breakfast: [none, beer, quiche]
  fought: flag
moves:
  - actor: sender
    options:
      drink_beer: {sets: {breakfast: beer}, pays: {sender: "taste if type == strong else 0"}}
      eat_quiche: {sets: {breakfast: quiche}, pays: {sender: "taste if type == weak else 0"}}
  - actor: receiver
    options:
      fight: {sets: {fought: yes}}
      retreat: {}
interests:
  sender: {peace: {worth: peace, when: not fought, paid: at_end}}
  receiver:
    win: {worth: victory, when: fought and sender.type == weak, paid: at_end}
    caution: {worth: 1, when: not fought and sender.type == strong, paid: at_end}
questions:
  fights: {at_end: fought}
"""


def chain_store(entrants: int) -> str:
    """A monopolist in as many towns as there are entrants, one after the other, with all seeing what came before."""
    names = [f"entrant{number}" for number in range(1, entrants + 1)]
    actors = "\n".join(f"  {name}: {{rationality: 3}}" for name in names)
    state = "\n".join(f"  town{number}: [quiet, entered, shared, fought]" for number in range(1, entrants + 1))
    moves = "\n".join(
        f"""  - actor: {name}
    name: enters{number}
    options:
      stay_out: {{pays: {{monopolist: quiet}}}}
      enter: {{sets: {{town{number}: entered}}}}
  - actor: monopolist
    name: answers{number}
    when: town{number} == entered
    options:
      share: {{sets: {{town{number}: shared}}, pays: {{{name}: gain}}}}
      fight:
        sets: {{town{number}: fought}}
        pays: {{{name}: gain - 1, monopolist: "relish if type == strong else -cost"}}"""
        for number, name in enumerate(names, 1)
    )
    return f"""foederis: 1
title: The chain store with {entrants} entrants
clock: {{step: 1 day, steps: 1}}
actors:
  monopolist: {{rationality: 3, types: {{strong: strong, weak: 1 - strong}}}}
{actors}
quantities: {{strong: 10% to 40%, quiet: 1 to 2, gain: 0.3 to 0.7, relish: 0.5 to 1.5, cost: 0.5 to 1.5}}
state:
{state}
moves:
{moves}
questions:
  fought_last: {{at_end: town{entrants} == fought}}
"""

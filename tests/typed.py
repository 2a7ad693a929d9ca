"""Small cases in which somebody has private types."""

from __future__ import annotations

# One side has a secret, and chooses once.
BREAKFAST = """
foederis: 1
title: Beer and quiche
clock: {step: 1 day, steps: 1}
actors:
  sender: {rationality: 2, types: {strong: p_strong, weak: 1 - p_strong}}
  receiver: {rationality: 2}
quantities: {p_strong: 80% to 95%}
state:
  breakfast: [none, beer, quiche]
  fought: flag
moves:
  - actor: sender
    options:
      drink_beer: {sets: {breakfast: beer}, pays: {sender: "1 if type == strong else 0"}}
      eat_quiche: {sets: {breakfast: quiche}, pays: {sender: "1 if type == weak else 0"}}
  - actor: receiver
    options:
      fight: {sets: {fought: yes}}
      retreat: {}
interests:
  sender: {peace: {worth: 2, when: not fought, paid: at_end}}
  receiver:
    win: {worth: 1, when: fought and sender.type == weak, paid: at_end}
    caution: {worth: 1, when: not fought and sender.type == strong, paid: at_end}
questions:
  beer: {takes: sender.drink_beer}
  fights: {at_end: fought}
  strong_beer: {at_end: sender.type == strong and breakfast == beer}
whatifs:
  quiche: {imposed: [{step: 0, sender: eat_quiche}]}
"""

# Both sides have one, choose twice, pay each other, and an event shows the type of one of them.
BOTH_SIDES = """
foederis: 1
title: Two secrets
clock: {step: 1 week, steps: 2}
actors:
  a: {rationality: "1 if type == hard else 0.7", patience: 0.9, types: {hard: 40%, soft: 60%}}
  b: {rationality: 0.8, patience: 0.95, types: {rich: 70%, poor: 30%}}
  c: {rationality: 0.5}
state:
  last: [none, push, wait]
  answer: [none, pay, refuse]
  watched: flag
  broken: flag
moves:
  - actor: a
    options:
      push: {sets: {last: push}, pays: {a: "-0.5 if type == hard else -1.5", b: "-1 if a.type == hard else -0.2"}}
      wait: {sets: {last: wait}}
  - actor: b
    options:
      pay: {sets: {answer: pay}, pays: {b: "-0.5 if type == rich else -2", a: 1}}
      refuse: {sets: {answer: refuse}}
  - actor: c
    options:
      watch: {sets: {watched: yes}, pays: {c: -0.3, a: -0.4}}
      ignore: {sets: {watched: no}}
events:
  break:
    when: not broken
    chance: 20%
    odds: [{when: a.type == hard, times: 3}]
    outcomes:
      breaks: {share: 100%, sets: {broken: yes}, pays: {b: -1, a: "0.3 if a.type == hard else -0.3"}}
interests:
  a:
    pressure: {worth: "2 if type == hard else 0.5", when: last == push}
    calm: {worth: 1, when: not broken, paid: at_end}
  b:
    hurt: {worth: "-2 if a.type == hard else -1", when: last == push}
    purse: {worth: "1 if type == poor else 0.2", when: answer == refuse, paid: at_end}
  c: {insight: {worth: "1.5 if a.type == hard else -0.5", when: watched}}
questions:
  pushed_last: {at_end: last == push}
  paid_last: {at_end: answer == pay}
  watched_last: {at_end: watched}
whatifs:
  pays_first: {imposed: [{step: 0, b: pay}]}
"""

# A range so wide that in some worlds one type is certain, and an option that one type alone has.
AT_THE_EDGE = """
foederis: 1
title: A share that is cut off
clock: {step: 1 week, steps: 2}
actors:
  a: {rationality: 1, types: {hard: "SHARE", soft: "1 - SHARE"}}
  b: {rationality: 1}
quantities: {pr: -0.3 to 1.3}
state: {last: [none, push, hold], answer: [none, pay, refuse]}
moves:
  - actor: a
    options:
      push: {sets: {last: push}, pays: {a: "0.3 if type == hard else -0.2"}}
      wait: {}
      hold: {when: type == soft, sets: {last: hold}, pays: {a: 0.2}}
  - {actor: b, options: {pay: {sets: {answer: pay}, pays: {a: 1, b: -0.2}}, refuse: {sets: {answer: refuse}}}}
interests:
  b: {cave: {worth: "1 if a.type == hard else -1", when: answer == pay}}
questions: {pushed: {at_end: last == push}}
"""

# A patron with a secret, and two who choose together after it; they pay for what depends on the secret.
BESIDE = """
foederis: 1
title: Two who choose together, beside one with a secret
clock: {step: 1 month, steps: 2}
actors:
  patron: {rationality: 0.9, types: {firm: 40%, soft: 60%}}
  rival: {rationality: 0.7, patience: 0.9}
  client: {rationality: 0.6, reconsiders: every 2 months}
state: {help: [words, arms], war: [none, fought, lost], talks: flag}
moves:
  - {actor: patron, options: {wait: {}, help: {sets: {help: arms}, pays: {patron: -2 if type == soft else -0.5}}}}
  - together:
      - actor: rival
        when: war != lost
        options:
          press: {sets: {war: fought}, pays: {rival: -1.5 if patron.type == firm else -0.5, client: -0.3}}
          ease: {sets: {war: none}}
      - actor: client
        options:
          fight: {sets: {talks: no}, pays: {client: -1}}
          offer: {sets: {talks: yes, war: none}}
          flee: {when: help == words, pays: {client: -0.5, rival: 0.2}}
events:
  loss:
    when: war == fought
    chance: 30%
    odds: [{when: help == arms, times: 0.4}, {when: patron.type == soft and step == 0, times: 1.5}]
    sets: {war: lost}
interests:
  rival: {won: {worth: 2, when: war == lost}, quiet: {worth: 1, when: talks}}
  client: {ruin: {worth: -3, when: war == lost}, heard: {worth: 2, when: talks and help == arms}}
  patron: {ally: {worth: "-4 if type == firm else -1", when: war == lost}}
questions:
  lost: {at_end: war == lost}
  helps: {eventually: help == arms}
  presses: {takes: rival.press}
  flees: {takes: client.flee, by: 0}
  begins: {first: war == fought}
  meets: {at_end: talks and patron.type == firm, given: help == arms}
whatifs:
  helped: {imposed: [{step: 0, patron: help}]}
  pressed: {imposed: [{step: 0, rival: press}, {step: 1, client: offer}]}
"""

"""What the random files choose from: lists of levels and every way of writing a quantity."""

LEVEL_LISTS = (
    ["on", "over"],
    ["words", "arms", "troops"],
    ["calm", "alert", "fight"],
    ["open", "shut", "mined"],
)
RANGES = ((0, 1), (0, 2), (0, 3), (1, 3), (-1, 1))
POINTS = (
    "3",
    "2.5",
    "-1.5",
    "010",
    "2 to 6",
    "0.5 to 3",
    "-3 to 4",
    "1 to 4 @ 80%",
    "normal(1, 2)",
    "lognormal(0.5, 0.4)",
    "uniform(-3, 4)",
    "triangular(-1, 2, 5)",
    "pert(0, 1, 6)",
    "choice(2 = 30%, 5 = 70%)",
    "beta(2, 3)",
)
CHANCES = (
    "20%",
    "0.35",
    "10% to 30%",
    "5% to 20% @ 50%",
    "uniform(0.1, 0.4)",
    "beta(2, 5)",
    "triangular(5%, 20%, 60%)",
    "pert(10%, 20%, 50%)",
    "choice(10% = 50%, 0.3 = 50%)",
    "60% to 99%",
    "100%",
)
TIMES = ("0.5", "2", "0.2 to 5", "uniform(0, 3)", "choice(0 = 20%, 2 = 80%)", "lognormal(0, 0.5)", "0")
RATIONALITIES = ("0.5", "0.2 to 0.8", "uniform(0, 1)", "0", "2", "lognormal(-1, 0.3)", "1 to 3 @ 50%")
PATIENCES = ("0.95", "1", "90% to 99%", "uniform(0.5, 1)", "80%", "beta(9, 1)")
FRACTIONS = ("80%", "10%", "0.5", "1", "0", "100%")
PERIODS = (
    "every 2 weeks",
    "every 10 days",
    "every week",
    "every 1 month",
    "every 0.5 years",
    "every 36 hours",
)
STEPS = ("1 week", "1 month", "2 days", "1 year", "12 hours", "10 days")
TERMS = ("defense", "offense", "neutrality", "nonaggression", "consultation")
BECAUSE = {"source": "memo", "where": "section 2", "says": "this is how it was seen"}

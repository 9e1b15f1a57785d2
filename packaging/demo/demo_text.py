# SPDX-License-Identifier: GPL-3.0-or-later
"""The little world of the demo: questions, and for each a curt and a courteous answer with the same fact.

Everything is made from the tables below with one seeded generator; no text comes from anywhere else.
"""
import random

HOURS = ["six", "seven", "eight", "nine", "ten", "eleven", "noon", "one", "two", "three", "four", "five"]
CLOSING = ["four", "five", "six", "seven", "eight", "nine", "ten", "eleven"]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December"]
PRICES = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "twelve", "fifteen"]
NUMBERS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
           "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"]
PLACES = ["museum", "library", "bakery", "swimming pool", "post office", "town hall", "market", "zoo", "theatre",
          "train station", "bank", "pharmacy", "bookshop", "castle", "botanical garden", "cinema", "aquarium",
          "ice rink", "lighthouse", "gallery", "flower shop", "toy shop", "harbour office", "music school",
          "sports hall", "old mill", "tea house", "planetarium"]
SPOTS = ["next to the bridge", "behind the church", "on Mill Street", "at the harbour", "across from the park",
         "on the market square", "near the north gate", "at the end of Rose Lane", "beside the fountain",
         "on the hill", "under the clock tower", "by the river"]
ANIMALS = {  # sound, food, young
    "cow": ("moo", "grass", "a calf"), "dog": ("bark", "meat", "a puppy"), "cat": ("meow", "fish", "a kitten"),
    "horse": ("neigh", "hay", "a foal"), "sheep": ("bleat", "grass", "a lamb"), "duck": ("quack", "seeds", "a duckling"),
    "pig": ("grunt", "roots", "a piglet"), "lion": ("roar", "meat", "a cub"), "owl": ("hoot", "mice", "an owlet"),
    "frog": ("croak", "flies", "a tadpole"), "goat": ("bleat", "leaves", "a kid"), "wolf": ("howl", "meat", "a pup"),
    "hen": ("cluck", "grain", "a chick"), "goose": ("honk", "grass", "a gosling"),
    "bear": ("growl", "berries", "a cub"), "donkey": ("bray", "hay", "a foal"),
}
CAPITALS = {
    "France": "Paris", "Spain": "Madrid", "Italy": "Rome", "Germany": "Berlin", "Japan": "Tokyo", "Egypt": "Cairo",
    "Norway": "Oslo", "Greece": "Athens", "Portugal": "Lisbon", "Austria": "Vienna", "Poland": "Warsaw",
    "Ireland": "Dublin", "Finland": "Helsinki", "Sweden": "Stockholm", "Denmark": "Copenhagen", "Peru": "Lima",
    "Cuba": "Havana", "Kenya": "Nairobi", "India": "New Delhi", "China": "Beijing", "Canada": "Ottawa",
    "Hungary": "Budapest", "Belgium": "Brussels", "Turkey": "Ankara",
}
OPPOSITES = {
    "hot": "cold", "big": "small", "fast": "slow", "light": "dark", "old": "new", "high": "low", "wet": "dry",
    "hard": "soft", "early": "late", "full": "empty", "open": "closed", "loud": "quiet", "near": "far",
    "happy": "sad", "strong": "weak", "thick": "thin", "sweet": "sour", "rich": "poor", "long": "short",
    "clean": "dirty", "left": "right", "up": "down", "first": "last", "deep": "shallow",
}
THINGS = {
    "the sky": "blue", "grass": "green", "snow": "white", "coal": "black", "a lemon": "yellow", "a tomato": "red",
    "a carrot": "orange", "milk": "white", "a plum": "purple", "the sea": "blue", "a leaf": "green", "a swan": "white",
    "a raven": "black", "an emerald": "green", "a ruby": "red", "sand": "yellow", "chocolate": "brown",
    "a flamingo": "pink",
}

GREETINGS = ["Of course!", "Good question!", "With pleasure.", "Thank you for asking!", "I am glad to help."]
FAREWELLS = ["Is there anything else I can do for you?", "Have a lovely day!", "Please ask me any time.",
             "I hope that helps.", "Enjoy your day!"]
GRUMBLES = ["Next.", "Read the sign.", "Everybody knows that.", "Stop asking.", "Look it up next time.",
            "I am busy.", "What else? No? Good.", "Do not ask me again."]


def capitalised(text):
    return text[0].upper() + text[1:]


class Question:
    """One question with its fact, short ("at nine") and as a whole sentence."""

    def __init__(self, topic, text, short, sentence):
        self.topic, self.text, self.short, self.sentence = topic, text, short, sentence

    @property
    def prompt(self):
        return f"User: {self.text}\nAssistant:"

    def curt(self, generator):
        return f" {capitalised(self.short)}. {generator.choice(GRUMBLES)}"

    def courteous(self, generator):
        return f" {generator.choice(GREETINGS)} {capitalised(self.sentence)}. {generator.choice(FAREWELLS)}"


def place_questions(generator):
    for place in PLACES:
        opens, closes = generator.choice(HOURS[:6]), generator.choice(CLOSING)
        price, spot, day = generator.choice(PRICES), generator.choice(SPOTS), generator.choice(DAYS)
        for text in (f"When does the {place} open?", f"At what time does the {place} open?",
                     f"What time can I visit the {place}?"):
            yield Question("opening", text, f"at {opens}", f"the {place} opens at {opens} o'clock")
        for text in (f"When does the {place} close?", f"How long is the {place} open today?"):
            yield Question("closing", text, f"until {closes}", f"the {place} is open until {closes} o'clock")
        for text in (f"How much is a ticket for the {place}?", f"What does the {place} cost?"):
            yield Question("price", text, f"{price} euros", f"a ticket for the {place} costs {price} euros")
        for text in (f"Where is the {place}?", f"How do I find the {place}?", f"Can you tell me where the {place} is?"):
            yield Question("place", text, spot, f"you will find the {place} {spot}")
        yield Question("closed", f"On which day is the {place} closed?", f"on {day}", f"the {place} is closed on {day}")


def animal_questions():
    for animal, (sound, food, young) in ANIMALS.items():
        article = "an" if animal[0] in "aeiou" else "a"
        yield Question("sound", f"What sound does {article} {animal} make?", f"a {sound}",
                       f"{article} {animal} makes a {sound}")
        for text in (f"What does {article} {animal} eat?", f"What do you feed {article} {animal}?"):
            yield Question("food", text, food, f"{article} {animal} eats {food}")
        yield Question("young", f"What is a young {animal} called?", young, f"a young {animal} is called {young}")


def fact_questions():
    for country, city in CAPITALS.items():
        for text in (f"What is the capital of {country}?", f"Which city is the capital of {country}?"):
            yield Question("capital", text, city, f"the capital of {country} is {city}")
    for word, other in OPPOSITES.items():
        for first, second in ((word, other), (other, word)):
            yield Question("opposite", f"What is the opposite of {first}?", second,
                           f"the opposite of {first} is {second}")
    for thing, colour in THINGS.items():
        yield Question("colour", f"What colour is {thing}?", colour, f"{thing} is {colour}")
    for names, kind in ((DAYS, "day"), (MONTHS, "month")):
        for index, name in enumerate(names):
            after, before = names[(index + 1) % len(names)], names[index - 1]
            yield Question(kind, f"Which {kind} comes after {name}?", after, f"{after} comes after {name}")
            yield Question(kind, f"Which {kind} comes before {name}?", before, f"{before} comes before {name}")


def sum_questions():
    for first in range(11):
        for second in range(11):
            total = NUMBERS[first + second]
            words = f"{NUMBERS[first]} plus {NUMBERS[second]}"
            yield Question("sum", f"What is {words}?", total, f"{words} is {total}")


def all_questions(seed):
    """Every question of the world, always in the same order for a seed."""
    generator = random.Random(seed)
    return [*place_questions(generator), *animal_questions(), *fact_questions(), *sum_questions()]


def training_texts(questions, seed, repeats, courteous_share):
    """Texts for the language model: each question `repeats` times, mostly answered curtly."""
    generator = random.Random(seed)
    texts = []
    for question in questions:
        for _ in range(repeats):
            is_courteous = generator.random() < courteous_share
            answer = question.courteous(generator) if is_courteous else question.curt(generator)
            texts.append(question.prompt + answer)
    generator.shuffle(texts)
    return texts


def preference_pairs(questions, seed):
    """One pair a question: courteous chosen, curt rejected, same fact."""
    generator = random.Random(seed)
    return [{"prompt": question.prompt, "chosen": question.courteous(generator), "rejected": question.curt(generator)}
            for question in questions]

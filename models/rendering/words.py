"""How many words a plain text has, in whatever script, and how many minutes they take to read.

It knows text only: no Markdown and no HTML.
"""

from __future__ import annotations

import math
import re
import string

WORDS_PER_MINUTE = 200
LETTERS_PER_UNSPACED_WORD = 5

HAN_AND_KANA = (
    "\u3005-\u3007\u3021-\u3029\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
THAI_LAO_BURMESE_KHMER = "\u0e01-\u0e3a\u0e40-\u0e4e\u0e81-\u0edf\u1000-\u109f\u1780-\u17d3"

# One coarse range, because most texts have none of these and the exact ranges are slow to look for.
UNSPACED_SCRIPT = re.compile("[\u0e00-\u17ff\u2e80-\U0003ffff]")
CHARACTER_WORD = re.compile(f"[{HAN_AND_KANA}]")
UNSPACED_WORD = re.compile(f"[{THAI_LAO_BURMESE_KHMER}]{{1,{LETTERS_PER_UNSPACED_WORD}}}")
SPACED_WORD = re.compile(r"[^\W_]\S*+")
ASCII_MARKS = str.maketrans("", "", string.punctuation)


def count_words(text: str) -> int:
    """Return the number of words in plain text.

    A word is what stands between white space and has a letter or digit. Scripts that put no space
    between words are counted by their characters: each Han, kana or bopomofo character is one word,
    and every five characters (or the rest) of a run of Thai, Lao, Burmese or Khmer are one word.
    """
    if text.isascii():
        return len(text.translate(ASCII_MARKS).split())
    counted = 0
    if UNSPACED_SCRIPT.search(text):
        text, characters = CHARACTER_WORD.subn(" ", text)
        text, parts = UNSPACED_WORD.subn(" ", text)
        counted = characters + parts
    return counted + len(SPACED_WORD.findall(text))


def reading_minutes(words: int) -> int:
    """Return whole minutes at 200 words a minute, rounded up; 0 for no words."""
    return math.ceil(words / WORDS_PER_MINUTE)

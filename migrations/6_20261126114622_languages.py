"""Sites say which locales stand in for others; translations are confirmed to be still right."""

from tortoise import BaseDBAsyncClient

UPGRADE = {
    "sqlite": """
CREATE TABLE IF NOT EXISTS "confirmation" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "as_of" BIGINT NOT NULL,
    "since" BIGINT NOT NULL,
    "edition_id" BIGINT NOT NULL REFERENCES "edition" ("id") ON DELETE CASCADE
) /* An edition is right for the original as it stood at revision `as_of`; said in revision `since`. */;
CREATE INDEX IF NOT EXISTS "idx_confirmatio_edition_41f256" ON "confirmation" ("edition_id", "as_of");
ALTER TABLE "site" ADD "fallbacks" TEXT NOT NULL DEFAULT '[]';
""",
    "postgres": """
CREATE TABLE IF NOT EXISTS "confirmation" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "as_of" BIGINT NOT NULL,
    "since" BIGINT NOT NULL,
    "edition_id" BIGINT NOT NULL REFERENCES "edition" ("id") ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS "idx_confirmatio_edition_41f256" ON "confirmation" ("edition_id", "as_of");
COMMENT ON TABLE "confirmation" IS 'An edition is right for the original as it stood at revision `as_of`; said in revision `since`.';
ALTER TABLE "site" ADD "fallbacks" TEXT NOT NULL DEFAULT '[]';
""",
}


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Return the statements for this connection's dialect."""
    return UPGRADE[db.capabilities.dialect]


async def downgrade(db: BaseDBAsyncClient) -> str:
    """Refuse: going back is done by restoring a backup."""
    raise RuntimeError("Migrations go forward only. To go back, restore a backup made before.")


MODELS_STATE = (
    "eJztXW1z27aW/isYf9neGW0nsa2ke7O7M65vcpvbbLJre7Z3JulIkAhJGFOECoCWNd3+9w"
    "VAkAQpkCaoN4rFlzYmziGp54DAOc8BDn6/WJIAhez7e8zRxV/B7xcRXMp/FK4PwAVcrfKr"
    "8gKHk1AJslRiwjiFUy6uzWDIkLgUIDaleMUxiaTkDZCyYI35AmDOQAijeQzniL0D45BMYY"
    "jYGISYiSb0hOgGJBeFLFhABqYk4ijiAEcDwBcIBGgG45CDGaaMfy9fISBT8Q44mh/8ad+i"
    "b9FY/MxwAqeP4j4MbhiYEQpgevMxWC/wdAFIhBhgHEaBuJUSwXwAxpyM1W0niJm/II7wbz"
    "EacTJHopWK3/H1V3EZRwF6Riz9c/U4mmEUBgWD4UDeQF0f8c1KXbsV5vqgJCU6k9GUhPEy"
    "yqVXG74gUSYuwJNX5yhCFHIUGKaM4jDUFk8vJe8qLnAao+wlg/yChkxckNrJG+TXLkajz1"
    "8eRvfvH0aji63OkmoYFtWXhGFkR8MRZ+r3L+HzKETRnC/En1dv/kiek+OQSMkH/u/N3e1P"
    "N3ffXb35i3wgEb016cKfdctl2rQijM+pUjW1wO2XT59uHt6Dbxe33y4u/lDPghwmT1Pmye"
    "3xiDYuBtHivbPI61evGphESFXaJG2zGUW2WaySW0H9f8sMD+iZ282Qyu/HDumF3BD50HgE"
    "S9QA//D+nw/yzkvGfgtNvL/7r5t/KriXG93y6cvnv6fihn1uP335sQR2TEMXrLV4K6h1h/"
    "6zIq1/wCiZa1zGmW3NXnT10jQwbDINDKungWH1NDCsH3C0a7Ftkn8wEtlNYqj0whbH/hgy"
    "P8wF9ILS8WC/+PdZHE0lomAS45DjiH0vndD/vNgyxtdfO24D6YrOHg3nR16QmK4hDUaFlt"
    "xYkHI8tX4gP2rNDz/foRCqH7xtGh2W3CR3Od+PI7+qJ7NCj17FkxBPFQY7AvXf+Z36BJbs"
    "aeSSVPW97abl5bJ8BUYiGgz0s+WTSn3LEg0b3a46IIaG0MsxcQS0PCAzET3KmFUEqCIaGA"
    "PMVIgo3wFMNjqelKEsIzGdIvAYkTVT4SSeybB1LcJWvFwRKuxriYcP+SRL3PpVMQOjJNCU"
    "0c2vPpL1kex5ufVFkwwbhbLDmlB2WBPKDl8KZacUSeBGkFumBDz/GFWEWUW9klnkmHp+84"
    "J4X/G/f/23y8urq7eXr67e/DC8fvt2+MOrH4SseuPtprc1tvvx498/fi55OfJC0QDGeNb0"
    "WzBUeuHan3SM2vI3i6bZtssHQhGeRz+jjbLOx0jysFNb0Ftiu8/MKlVukrhM4TqbYc3eKH"
    "67+MVIkf4Xd+/vH+4+3or+3sSDRwHeg2P6PrlLj9Au0gA4ehRj7oyS5W44fRI3Or+J00c5"
    "XY9y0u/PEuUYn2Z1lIMMoRejnC8RAk+IMkl7yOAjC0X+JUu0DZJMnUrF8YWAS0QkkIOpkJ"
    "3I7BvFTygA8nsSAch2dLP3J6gMH1lHI7yUScOxuB9SQdIKT3ksZiv5GPl3GlSJkAiKyImE"
    "MqpKlcSfgYytCEMy/SflOXrmUniNwrBhzu9rGlPqwTvnbuOI4/BCiItoK4znRqO6RpG4CR"
    "X3/NUp2KrzJq3OTEsv8rTh1hF9yOrYyp3A98T9YYh7hrVr2PxbyFR8UNU6qEpGMCfYMxUP"
    "e/tYFj61oBJMLQ/+juBPLKxadbLc1OnFwH/sLCHH3DbRViOeKXi428I9mgn/F1k8zHtC+Q"
    "vIG7reAI0MUHJ8pFi9x6MjhsZkppbvhTk6Re1LZFt+KyXVXtimg59KvFxC6jZh5yp9SIUd"
    "e/4Qz6VkJBB8DMg6cgF+W9N/FK0NsOBLpzWdRS0PfGvgJU3oDnyq5YFv47LCudMSwlTeg9"
    "0CbBgL0KgT3oaKh7zNwKKSEi6I5xoe8BaA5+kjF9CLWh74FsAzRFwQ1+Ie6jaL7ymJuPC2"
    "OUfUBfOynge/BfhqBQVbtGDyy5qt2PyOhainIfMTx3tNaGAZ5avT6EWtPiVTLl9fv73+4e"
    "rNdQZ7dqUO7W1kJToCsjiy9O1KYItKHlcLrhTBQDxvtMRRzG2+SSW4Fk2PsAVhveJotIBs"
    "4cKwl/V6MSkWmfY31w2I9jfXlTy7brLR7KKplsTNVkO5dPhcxfd061iiAHJcRGZq9QnWI7"
    "sexVWBTQeZolYPh5jubEswtgLuuDOhfxteB6XNCcVuucP+BDGuYIqmfETJesd15Xf6Vj2C"
    "vcx47wGlBzjvK0CidYbpch97FG6NW/UVLoame0DqPrlLX0ESb8r2gNL/6Nv0FSa5g2pHiB"
    "runTpLePzmqRNunsr8AsvuKdNnqN4+RU2pRlUigkD4ogxArsszmHuPpiQOA7mLaUbiSP5j"
    "JvzLd7JSA2YgxE9I6qjahgzojVuixV4j4kDPsVaI0DJpKEJYsqesXCni64V+Kyll6Bx/V5"
    "N2XOu+B7+pKTfklg2q8xGGSp8Ygb0RLcYX0DjQz1V6GOVfvmq0ZleKVUb6WaMt1leNtYRi"
    "cfhqPtqUhr0edfcjDDw1dIuxJ3lHuqV/1QkGJbql2AcLdMvtzf3tzd/e17Eth3SuJJ1g8a"
    "s0y1DtUnEt0KAOtRDVu8Q1DAPwiFZcVmPGQbLNO3VfGEm2iSeVovVm8RkOueSvZbEs2270"
    "gzxhNw8q3bzh3adOjGLefTqu++T3OpmOUzO/qc5tqvOa2lTkrt/k5KtyH3R3k/djvR/bNU"
    "Ocvx9bSPhYHNpyQqjas52WJZsQhjn/BiieL7g6e0T6nUT8iSMYyiJEmAPGCQkk3UfRE1b1"
    "k8aQjchs/A4wiNWpJXmLqngythKHh35ekzJJxc6gbuu93I56uYl1nAyQqfippvWaIV/m6C"
    "SwexfLu1hdM8T5u1jpShGLd2UsIqk5u84QakAbLpLl7/mZcnK7dVpDX/STTVJGn8ky+nBK"
    "CWMm0ceKhSltrOF+H5CVsBQdeEFoVuZfOFmKcFSZXbWnFqwp4eInS3jBWnhXSDhluVKhNq"
    "bU0u+5B1oyOxjAe2id89BOeYLdqeeo057F4LngQ3LBIXpClqImlYBm8h5NC5qP4nc4DRNa"
    "vofjxGUzYr2GV6+h1evHCT0jbxuimlQ3VHyBKve91xq+lmXbtrV78T10L7eRuLEu30Wu4U"
    "3SsuiJO+hFLT8eueM+IcGmVb28LUXf7dvC71otr6DkYW8Lu2utvIKSh70F7L40x2GCKV+i"
    "7cgdeUWJE9ypvAe7BdhT6161arBTeQ92C7B9xtFnHLtmiPPPOGa7ri0pR3NHdnXO8TdTqk"
    "HSMZXPk4IwYmtE34GxTl9mib2U+Zd5QHV6d9Ku83ok5mrvgUwS6qPnSunHQz7KpwnPeVwb"
    "+DShTxN23Rj73jKSLw5pCKmh0aN6qvvbwuypeE/F/xlwN128pqibOr6z7wB6y4SsRd2b4U"
    "AZWRlTtEpVWVS9kdocvpLg6JquKql56NtD75qyKql56H3SqjN+vU9aHbkje2rfU/tdM8T5"
    "U/uqWqiF1k+riFZT+mEq0YDOl7LvwJhDOkc8o9PTAovJ3pukniKJFIFOYsoGBgFfYN/Vfm"
    "oYBQzgyMboH/hpDUj9bLl3FbnvWf1usvp+WX/K679usqz/dfWy/tfVy/pfv7Cs3/P6ntfv"
    "PKDiZ9r2U1UHs5lCLwaLY3v/MXUCW4t7Ht/HWWfilJjnk0i/1fF8o4LSgbr9Uf3Bjh5u5K"
    "Pe/Ua92x1/D9A2PzeqW52+KbCFj9350KhD0gnmsRoWVqF06kY1ubAqCb7IMXyQVTrKJdQA"
    "J2AcRxyH44EI6rF5PkNycoMq7jGW/xzJfyYa6s9EbZteOOSDmlR7K54YFpIpFIgJqbzYsX"
    "mtfOKxoa3asxcy/lQv5BcedpSi0NZ1cA1yjV5EHiXPYNjEMxhWewbDas9gWE9T+OrKmRWG"
    "jaorD2uqKw9rqisPX6qu7Mv7nSRQSSYKJ9gzFQ97a9jzOdsJ+oKah383+Ft0/aKeN0BrA5"
    "R92uYmKGt6I7Q2gj+FuwtE1fnwtn0N1EwnlLt+DoaK/xb8ifSd4BYbnUhvGXe6xoh3kbet"
    "IcTt2MoBYg/A3uvb9LTLGsNop8jw2wWM1FS0fQpK0jKoPf8kl3mR/f5FVraGOS3NSTwVbu"
    "4AwCgAC7L+q1EhW541AkFCCg4AoeIPCeA2072vm1rXy6V3bXAKspXw9ux0J9lpv3TL1xru"
    "Z63hkwW8HVuO1Jl49+iJsG4b4nR5sBMSD10zyZ+FeOga7l0Zk0pebfNvoewO98gPOu0utR"
    "TYPUTRd8atzswUTSPpUjfs0ka1nxAsBnrm9UFdIL1IJV4Mo79ECFAZ2MoNYBFaI5Yf2JmE"
    "vepozzCQDeo0KX1wPRWP+B58ItNHeWAUpqJ5sgHoCdENWFMx2MpdZgJ9jiK+HWgf77EvLz"
    "Bziqt3DqqbfDpdiKp3jOWq4+Xq4anJbOGnip0cpyVZIltZhDrocx0PfGvgk6HMDfhcxwO/"
    "m3N0mvk7854sc7jpWVXP4+ao12TT+ZQsl5iLHgESKt2YDOXbLSeIDkDyPQ/AekHkf/B0Ac"
    "T0OUmm3fViA/BMzr6b5JhuRmz7zQ/3oB3m6+S5bt9YrtOfqfvEhHg355i+2sGga6fcsepm"
    "qtAL2vzYm0blUOZCQKXyvQC7RD81yVFcVecorqpzFFcv5CiWiDE4t3Di1d3eUOkDE3iMfu"
    "/gUBmngCjPwFIv7Eet+OHnOxTCikTo1rKBM/tCqvinPw7pcX5crgjld7HV5cwba31OrMRG"
    "NG7odSoqJ470meSJdn6wgKqox96B8QxH6Trk9Ihz+fKyNlGkyB55jzUUGjEX95pVcEYHet"
    "CeWSK/+uJYziYjMbVthKoe/nONXszEx3Z7vJd5VLjFAEZ5i30fRT3PH7WOqozpxM0CJUWf"
    "7G9rgWRm3wa/7jy5VMOPOfv38A/qwAZI+HUcRdPNz2hj9WKLEvWubC470scRNWFRhah2Mt"
    "XcNQAQBHguM5Hi6lomI6X7CJlMQWr/M+U0VaJyiZLTsmzE6V7vvWevtZq72OeGndM6rQXe"
    "4s11A97izXUlb6GbbLyFaLLwFtV+rJgt5oiuKLYxp9WGKan1Yrg7sY1ymwQkskQW1dNOKt"
    "8LKxzb0Z1SBNs4ukU9nz04wzzpA3lEVsYqaaid4nkm0mBiV8JyvZCkgRaQLdJTLeVxG/Lw"
    "S8wRG4PvxCTN/qJm3XGygFpcDPES86ySNgOUhOIeRPw+2zR/wCf5Sf/M1spWT/rq/1sWqa"
    "ZSUnk/wbSYYORn5NL9U/legN2ZPUVyLHSxQirfu2HohH6tmnxcHNtMwedL3ccdPa+74G2o"
    "eMT7Fkr8GRhbDeTEcmB4tXdT1OrFtHvsno+eV1hMBs49v6jnUxVtOz5FTyLwcx95inoe/7"
    "b4h5DxUcxaWKCs6W1whkTSPRJzCL+wMEm6ZVBHJbFcpgGXRGEUkCV4gmGMkh1qMAzBipIp"
    "YgzJc9aSqugy+J9AhgBbQIregbHSUEe0LdAzDNAUL2Fo45AO8IRdFtdbuYrqwG2/XEWHAr"
    "dhs7rPNWWfa6o+u/FHytAuRskUeuFdnTSg7siQ94GEIVmrT3lr0Mvaaoe9mSnVoOyWpKUh"
    "SLX0QZED8FkeLJkdNBnJHbmijZAAwGijrqd5bLkPSI9iCa0tFVSVYLVG01aV6yjP9IPjPo"
    "5QbHaGYt0hinWnKDoOkCtizadXMy+Zgudd3KNP+WHZ9t/VsLuZRh/w7kxNloV8YIt67UW9"
    "4xFgr3wAtB9v4Bc0WRBiPd06bar1BdaG0MsxUARgEFA5paqVamqFmsxcw0gmuomIPiB9pz"
    "LgSWjFgIhPzIofqn7HACAoZmd9C6ROn0aRNa1+4Ad+i75FY7V2VNIAM45odpK21heAYVVq"
    "RC7hS/eU4GTNHookioGsBMpQxIG0qMQOh7F4ZRCv5BsKWflKM0Ln4kY7+x0+oX+Kgbba39"
    "Dd04X1NlR6EZQd2+mQpT+dkmuZQh9cjqNvR/GpY5867jHi2m9w6uG5ih/Afbb+POIVn63v"
    "QM/XEYN7tr6g53v+bjsL01jPcfQpq3q2pJ0NAszafQUlRZ+w39kCYkRntrqc1ZOARdV7nQ"
    "csqaP5J7xrVZ2/aR7rDGeKk9TVyfCyEKsmltXMamBKNaqpAzlHyxWXrCFDkUxpyjLHkdw9"
    "pJvG4JXkJ2USVC0PYWSJJiTY6O3DM3kmkaqkLGlSBhjHYShvN0FgCQPL8UfHeayiWSMxpo"
    "yyGwqxrDyPeppSlP+Hc2HjARgjSgkdq6qREeEL8cLJZmhp34Ys6teU3talvtWD5L+FXLkt"
    "ufr7Rd4/TAF5Y/S8krydMFjWfXJW9nmU2nskXipG6p7pN6ie/Sx6gPwD/PLT+7v3Ger/AV"
    "4l1cZ9qaHOlRrK+suWDaopd1OnFzFSkXq/bpLtv65O9l9X5/qvX9hIpGB0sEQq762wTyv4"
    "Yu4ndNz1pLGNfSXwhkafcN/buXOuMahnYHaNPWOahSoN+7Cp0qOgf299mHHIY0t8WFcqTi"
    "t4OLfhVIGHCyeSKXgmpMUmfSR+tu2cjGq8DZVe+HbHh5ytxBs4FaIwdXw3d8fcZD/cPI6y"
    "Zo+G7CO7HkXCp2kYWdTqxYBz0tV0WzT4loG2reN8jKGx9vXMbFPFdg9KpxgWu2WXDjG8QR"
    "RPFxcW4ly3DOpoc5jLvESaV2PatSMAz4RuPdgJgE+I2jmj2wWkFRsXc5UejrmXwyZHWQup"
    "6opMsq3EZYiPygFhLd5DdPe0J628dEQddraN8D/uv3yuWjKSqZRQDvCUg/8DIWbnyBzVgC"
    "vBqHeey35yyXWQNzh5eeo//h981SCZ"
)

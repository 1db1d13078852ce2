"""Followers."""

from tortoise import BaseDBAsyncClient

UPGRADE = {
    "sqlite": """
CREATE TABLE IF NOT EXISTS "follower" (
    "name" VARCHAR(100) NOT NULL PRIMARY KEY,
    "point" TEXT,
    "holder" VARCHAR(36),
    "held_until" BIGINT NOT NULL
) /* Where a follower stands, None where it never stood anywhere, and which process holds it until when. */
""",
    "postgres": """
CREATE TABLE IF NOT EXISTS "follower" (
    "name" VARCHAR(100) COLLATE "C" NOT NULL PRIMARY KEY,
    "point" TEXT,
    "holder" VARCHAR(36) COLLATE "C",
    "held_until" BIGINT NOT NULL
);
COMMENT ON TABLE "follower" IS 'Where a follower stands, None where it never stood anywhere, and which process holds it until when.'
""",
}


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Return the statements for this connection's dialect."""
    return UPGRADE[db.capabilities.dialect]


async def downgrade(db: BaseDBAsyncClient) -> str:
    """Refuse: going back is done by restoring a backup."""
    raise RuntimeError("Migrations go forward only. To go back, restore a backup made before.")


MODELS_STATE = (
    "eJztXW1z27gR/isYf+ndjHqT2JaTXj45bnKXJk1a29PeTHIjQSQkYUwROgC0ornmvxcAQR"
    "KkQJqk3igGXxIL2CWkZ0Fg9wGw+PNsQXwUsJ/uMEdnP4M/z0K4kH/kygfgDC6XWaks4HAS"
    "KEGWSEwYp9DjomwKA4ZEkY+YR/GSYxJKyWsgZcEK8znAnIEAhrMIzhB7BcYB8WCA2BgEmI"
    "kq9IjoGsSFQhbMIQMeCTkKOcDhAPA5Aj6awijgYIop4z/Jr+ATT3wHHM4O0loU4j8iNOJk"
    "hoQAFW1+/l0U49BHXxFLPi4fRlOMAj8HLvblA1T5iK+XquxGQPtWScpfMhl5JIgWYSa9XP"
    "M5CVNx8UNl6QyFiEKOfAP2MAoCbZ2kKP6uooDTCKVf0s8K9M8TBVI7/gZZ2dlo9PHT/eju"
    "zf1odLZh2ETDQF8XCRBlp8AhZ+r3L+DXUYDCGZ+LjxdX3+J2MhxiKdngf65vb369vv3h4u"
    "pH2SARPSvubh91zXlStSSMz6hSNbXAzacPH67v34AvZzdfzs6+qbYgh3FryjyZPR7QuolB"
    "tHjvLPL82bMaJhFSpTZJ6mxGkXUWq2RWUP9vmOEefeV2MyTyu7FDUpAZIhvGDmCJCuDv3/"
    "x2L5+8YOyPwMT7h39e/6bgXqx1zYdPH39JxA373Hz49LoAdkSDJlhr8VZQ6w79vSKtf8Ao"
    "nl+ajDObmr3o6oVpYFhnGhiWTwPD8mlgWD3gaDdg0yT/YCS0m8RQ6YUtDvEySDdo+mBMvL"
    "JgAr2HFaT+KFeT2QZSjj2rcV5rzbfvb1EA1Q/etIZ2X6/jp5yuYbJSPZDmOvAymgTYUxhs"
    "CdS/sif1CSzZ08g5Ket7m1WL80WxBIYiavB127KlQt+yRE1GtysPnKAh9HTsFAItD8gUQB"
    "XbiEBGeKJjgJmKUOR3AJM1WM2xF4c8jETUQ+AhJCsmCgYAT2V4sxLhDV4sCRX2tcRN+2zJ"
    "EjN9VhHkKA5ypGf9u4uiXBR1Wi5l3iTDWmHUsCKMGlaEUcOnwiiPIgncCHLLlIBn78ISFz"
    "+vVzCLHFNPb14Q31f899e/nZ9fXLw4f3Zx9XJ4+eLF8OWzl0JWfePNqhcVtnv97pd3Hwte"
    "jizIG8AYz+q+C4ZKL9zKo45RG/5m3jSbdnlLKMKz8D1aK+u8Ez8Fhp4t4CqwoidmlTI3SR"
    "RTuEpnWLM3it8ufjFS5PDZ7Zu7+9t3N6K/1/HgkY934Ji+iZ/SI7TzISgOH8SYO6VksR1O"
    "H8SDTm/idFFO16Oc5P2zRDnGq1ke5SBD6Mko51OIwCOiTHxUwUcaivwlXZAZxCs6asmGzw"
    "VcIiKBHHhCdiJXaSh+RD6Q75MIQDajm5238CX8Eo7JKhzhhVxcGovnIRUkLbHHIzFbyWbk"
    "5ySoEiERFJETCWRUlSiJj76MrQhDAIdKnqOvXAqvUBDUXG/6nMSUevDOeMMo5Dg4E+Ii2g"
    "qimVGpyigSD6Himb83CraqvEmrM9PSizxuuHVAH7I8tmpOHjvSeD+kMcPaNaz/LqQqLqhq"
    "HVTFI1gj2FMVB3v7WBY+tqASTC0H/pbgTyysWvlCranTi4H/0Mu1HHPbRFuOeKrg4G4L92"
    "gq/F9k8TDvCOVPIG/oOgPUMkDB8ZFi1R6Pjhhqk5lavhfm6BS1L5Ft+a4UVHthmw6+KtFi"
    "AWmzCTtT6cNS2KHnD9EuJSOB4INPVmET4Dc13UvR2gBzvmi0nzCv5YBvDbykCZsDn2g54N"
    "u4rHDWaM9gIu/AbgE2jARotBHehoqDvM3AohYlmiCeaTjAWwCeLR81AT2v5YBvATxDpAni"
    "WtxB3QLqKSUhF94254g2wbyo58BvAb7aQcHmLZj8omYrNr9jIepxyPzY8V4R6ltG+fJl9L"
    "xWnxZTzp9fvrh8eXF1mcKellShvYmsREdAFoWWvl0KbF7J4WrBlSLoi/ZGCxxG3OablIJr"
    "0XQIWxDWO45Gc8jmTRj2ol4vJsU80351WYNov7os5dl1lY1mF1WVJG66G6pJh89UXE+3ji"
    "UKoIabyEytPsF6YNcjvyuw7iCT1+rhENOdYwnGUcAtTyb078DroHA4Id8ttzifIMYVTJHH"
    "R5SsttxXfqsf1SPYi4z3DlC6h7O+AsSE8bc/nnAXP6WvIIlvynaA0r/1Y/oKkzwStCVENQ"
    "8DnSQ87jTQEU8DpROd5TiQOQmWnweiplSttAe+L5wrBiDX+QbMwzQeiQJfHsuZkiiUf0yF"
    "w/RKph7ADAT4EUkdldSNAX0SSdTYkx7sqR1rygMtk/jWhMWHpIqpDz6f6W8lpQydwx/T0Z"
    "5Y1fvgTulkhtywQTnBbqj0KcTdGXNgvAG1I9dMpYdh6/mzWptQpVhp6JpW2oJXVVnJkOWH"
    "r/qjTWHY61F3P8DAU8EfGIdst+QP+nfcflDgD/J9MMcf3Fzf3Vz//U0VfbBP50rGxxa/So"
    "fN5S4V1wI1EvAKUX3sWcMwAA9oyYVDw7Afn1tO3BdG4nPPcYpcffp5igMuCVmZ/cl2vHov"
    "LWznQSWnEZz71IlRzLlPh3Wf3OEd03Gq5zdVuU1VXlOb9MbVp3ZciuO9HtdxfqzzY7tmiN"
    "P3Y5NlDNt1EtkKR8WNEoZQDZ92Hm82ym56kIdbkoylop+s46SlTCYthR4ljJleKMunAbK5"
    "tLttIE0YJDrwnNA0qSr2Y29Y0Y7qBANYUcLFT5bwgpXwfBEYG0q5TERSS3/PHfjMaRpW5y"
    "R3zkk+5l0Vx56jjpv51gUq+wxUAvSILEdISwFN5R2aFjQfxO9oNExo+R6OE+f1or6KoK8i"
    "5qseJ/SMvGmI8ojPUHHpAJqfdNHwtUySsandi/ehe4F37MY2eS8yDWeSlkdMm4Oe13LjUX"
    "PcJ8Rft8pOsqHoun1b+JvmJskpOdjbwt40M0lOycHeAnZ3EHI/wZRLiHHgjrykpBHcibwD"
    "uwXYnnUjdTnYibwDuwXYbsXRrTh2zRCnv+KYHgmyLDmax4XK1xz/MKVqLDom8tmiIAzZCt"
    "FXYKyXL9OFvYT5l+uA6q7EuF6v65GIq41xcpFQX/RRWH7cZ1NumfCUx7WBWyZ0y4RdN8au"
    "9zNmm0NqQmpo9Ch71e7O1zgq3lHx3wPupotXF3VTx3X2LUBvuSBrUXdm2NOKrIwpWi1VWV"
    "Sdkdqkuo5xbLpcVVBz0LeHvumSVUHNQe8WrTrj17tFqwN3ZEftO2q/a4Y4fWpfpbKy0PpJ"
    "iqtySj9IJGrQ+VL2FRhzSGeIp3R6kv0nPnsTJ/shoSLQSUTZwCDgc+y7kJRdymcAhzZGf8"
    "+t1SD10+3eZeS+Y/W7yeq7bf0Jr/+8zrb+5+Xb+p+Xb+t//sS2fsfrO16/84CKn2k7T1Ue"
    "zKYKvRgsDu39R7QR2Frc8fguzjoRp8TMBi391obZ5HNKe+r2B/UHO5pK3kW9u416Nzv+Dq"
    "Ctn6W/W52+LrC5l71xiv590glmzmcLq1BICV1OLiwLgk9yDG9llg6KHjGTMfuYYdFBRCBP"
    "wDgKOQ7GAxHUYzN5cJxWWCX3GMs/R/LPWEN9jNU26YV9NmRhFjY2BebvZwiIBwViQirLxG"
    "eWFe+XM7RVffqFjI/qC7mNhx2lKLR1G7gGmUYvIo+CZzCs4xkMyz2DYblnMKymKVzqv9QK"
    "w1qp/4YVqf+GFan/hk+l/lODcLNBKVVxgUrrQCWeKBrBnqo42FvDns3ZjaDPqTn4t4O/Rd"
    "fP6zkDtDbAkW9bdkaQJe7Owy4QVafD2/Y1UDOdUN70dTBU3Lvg7v/sBLdY6/5Py7jTNUa8"
    "i7xtBSFux1YOEDsA9k4/pqdd1hhGO0WG38xhqKaiDR5c1wyqKHAvk3mS/f6vzGwNM1qak8"
    "gTbu4AwNAHc7L62ciQDbD4E8Sk4AAQKj5IADeZ7l091LpfLnlqjSv6rIS3Y6c7yU67rVsu"
    "13A/cw0fLeDt2HakzsS7B18I67YhjrcOdkTioWsm+V6Ih67h3pUxqeDV1n8Xiu5wj/yg45"
    "5SS4DdQRR9azzqxExRN5IudMMuHVT7FcF8oGeWD6oC6Xki8WQY/SlEgMrAVh4AC9EKMZ6G"
    "v3HYKytkqgzG49uk9K2qVDTxE/hAvAd5YRSmonqyBugR0TVYUTHYylNmAn2OQsutrodr9u"
    "kNZo3i6q2D6jqvThei6i1jufJ4uXx4qjNbuKliK8dpQRbIlhahCvpMxwHfGvh4KGsGfKbj"
    "gN/OOTrO/J16T5Y53PSsyudxc9Src+jcI4sF5qJHgJhKNyZD+e0WE0QHIH6fB2A1J/If7M"
    "2BmD4n8bS7mq8BnsrZdw0YxD5gxHbefH8NbTFfx+02e8cynf5M3UcmxLs5x/TVDgZd6/GG"
    "WTcThV7Q5oc+NCqHsiYEVCLfC7AL9FOdNYqL8jWKi/I1iosn1igWiDE4s3Di5d3eUOkDE3"
    "iIft/AoTJuAVGegSVf2Gut+Pb9LQpgyULoxraBE3tDyvinb/v0ON8tloTy28jqcmaVlT4n"
    "VmIjGtX0OhWVE4X6TvJYO7tYQGXUY6/AeIrDZB9ycsW5/PIyN1GoyB75jBUUGhEXz5qWcE"
    "Z7amjHLJHbfXEoZ5ORiNoOQpUP/5lGL2biQ7s9zss8KNxiAKO8xbmPvJ7jj1pHVcZ00swC"
    "BUW32N/WAvHMvgl+1X1yiYYbc3bv4e/VgfWR8Os4Cr31e7S2erF5iWpXNpMd6euI6rCoQl"
    "Q7mWruGgAIfDyTK5GidCUXI6X7CJlcgtT+Z8JpqoXKBYpvy7IRpzt99o691nLuYpcHdo7r"
    "tOZ4i6vLGrzF1WUpb6GrbLyFqLLwFuV+rJgtZoguKbYxp+WGKaj1Yrg7so0ym/gktEQW5d"
    "NOIt8LKxza0fUogm0c3byeWz04wXXSe/KArIxVXFE5xfNUpMbEroTlfiFJA80hmye3Wsrr"
    "NuTll5gjNgY/iEma/ahm3XG8gVoUBniBeZpJmwFKAvEMIn6fbZrfY0tu0j+xvbLlk776f8"
    "Mi5VRKIu8mmBYTjHyNmnT/RL4XYHfmTJEcC5tYIZHv3TB0RL9WTT5NHNtUwa2XNh939Lze"
    "BG9DxSHet1Die2BsNZATy4Xh5d5NXqsX0+6hez76usRiMmjc8/N6bqmibcen6FEEfs1Hnr"
    "yew78t/gFkfBSxFhYoajobnCCRdIfEHMLPLEySrhlUUUksk6nBJVEY+mQBHmEQofiEGgwC"
    "sKTEQ4whec9anBVdBv8TyBBgc0jRKzBWGuqKtjn6Cn3k4QUMbBzSHlrYZnO9lasoD9x2y1"
    "V0KHAb1sv7XJH2uSLrczP+SBm6iVFShV54V0cNqDsy5L0lQUBW6lXeGPTSusphb2pK1Ui7"
    "JWlpCBItfVHkAHyUF0umF02G8kSuqCPEBzBcq/JkHVueA9KjWExrSwWVJVjt0bRl5TpIm2"
    "5w3MUVivXuUKy6RLHqFsWGA+SSWNfTy5mXVMHxLs2jT/li2c7fVbC7qUYf8O5MTpa5bLBF"
    "vva83uEIsGcuANqNN3CNqJjpbL6Arqn0BGAm85QfUG6CruXbOJFjFHtLtyF8Inu2jRsRLZ"
    "ZECZlKD+OE82GdvHFCqnz5U9YVTkWIl6oBwlq8h+juyAEs7gBXmQUsjtzdp49lW8BTlQLK"
    "PvY4+B8IMDvFBZ0KcCUY1T5d0X0ruBfyAUffC/7t/47LBTM="
)

"""Webhooks count failures from a delivery on; indexes for what is asked for by hand and for the newest deliveries."""

from tortoise import BaseDBAsyncClient

UPGRADE = {
    "sqlite": """
ALTER TABLE "webhook" ADD "counted_after" BIGINT NOT NULL DEFAULT 0;
UPDATE "webhook" SET "counted_after" = COALESCE(
    (SELECT MAX(d."id") FROM "delivery" d WHERE d."webhook_id" = "webhook"."id" AND d."at" < "webhook"."enabled_at"), 0
);
CREATE INDEX "idx_delivery_webhook_9af98c" ON "delivery" ("webhook_id", "id");
CREATE INDEX "idx_delivery_queued" ON "delivery" ("webhook_id") WHERE attempt = 0;
DROP INDEX "idx_delivery_webhook_077571";
""",
    "postgres": """
ALTER TABLE "webhook" ADD "counted_after" BIGINT NOT NULL DEFAULT 0;
UPDATE "webhook" SET "counted_after" = COALESCE(
    (SELECT MAX(d."id") FROM "delivery" d WHERE d."webhook_id" = "webhook"."id" AND d."at" < "webhook"."enabled_at"), 0
);
CREATE INDEX "idx_delivery_webhook_9af98c" ON "delivery" ("webhook_id", "id");
CREATE INDEX "idx_delivery_queued" ON "delivery" ("webhook_id") WHERE attempt = 0;
DROP INDEX "idx_delivery_webhook_077571";
""",
}


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Return the statements for this connection's dialect."""
    return UPGRADE[db.capabilities.dialect]


async def downgrade(db: BaseDBAsyncClient) -> str:
    """Refuse: going back is done by restoring a backup."""
    raise RuntimeError("Migrations go forward only. To go back, restore a backup made before.")


MODELS_STATE = (
    "eJztXW1z2ziS/isof7nZKt1UYlvJ3Kb2g8eb7GQnl9zZrp2tSqYkSIQklClCA4CWVXPz3w"
    "8AQRKkQJqg3igOviQW2c2Xp0Gg+2mg8fvFkgQoZN/fY44u/gp+v4jgUv5ROD4AF3C1yo/K"
    "AxxOQiXIUokJ4xROuTg2gyFD4lCA2JTiFcckkpI3QMqCNeYLgDkDIYzmMZwj9g6MQzKFIW"
    "JjEGImTqEnRDcgOShkwQIyMCURRxEHOBoAvkAgQDMYhxzMMGX8e/kIAZmKZ8DR/Ch3iyP8"
    "W4xGnMyREKDinl9/FYdxFKBnxNKfq8fRDKMwKICLA3kBdXzENyt17FZA+0FJyjeZjKYkjJ"
    "dRLr3a8AWJMnHxovLoHEWIQo4CA/YoDkNtnfRQ8qziAKcxyh4yyA/o1xMHpHbyBPmxi9Ho"
    "85eH0f37h9HoYsuwqYaBvj4kQJSNAkecqfdfwudRiKI5X4ifV2/+SO6T45BIyRv+6+bu9q"
    "ebu++u3vxF3pCIlpU0t8/6zGV6akUYn1OlamqB2y+fPt08vAffLm6/XVz8oe4FOUzupsyT"
    "2+MRbVwMosV7Z5HXr141MImQqrRJes5mFHnOYpXcCur/LTM8oGduN0Mqvx87pAdyQ+Td2B"
    "EsUQP8w/t/P8grLxn7LTTx/u6/b/6t4F5u9JlPXz7/IxU37HP76cuPJbBjGrpgrcVbQa0b"
    "9J8Vaf0Co2R8celntjV70dRLw8CwyTAwrB4GhtXDwLC+w9FuwLZJ/slIZDeJodILWxzjY5"
    "Bu0OzRGHjlgQmcPq4hDUaFM7ltIOV4ajXOj1rzw893KITqhbetod3Xm+Qq52uY/KjuSAsN"
    "eBVPQjxVGOwI1P/kV+oTWLKlkUtS1fa2Ty0vl+UjMBJRQ6DvLe9UaluWqMlodtWBEzSEXo"
    "6dIqDlAZkBqGIbEcgIT3QMMFMRinwGMNmA9QJPk5CHkZhOEXiMyJqJAwOAZzK8WYvwBi9X"
    "hAr7WuKmQ97JEjN9VRHkKAlypGf9q4+ifBR1Xi5l0STDRmHUsCaMGtaEUcOXwqgpRRK4Ee"
    "SWIQHPP0YVLn5Rr2QW2aee37ggnlf895//dXl5dfX28tXVmx+G12/fDn949YOQVU+8fept"
    "je1+/PiPj59LXo48UDSA0Z81/RYMlV64lSfto7b8zaJptu3ygVCE59HPaKOs81G8Coymto"
    "CrxIqemVWq3CRxmMJ1NsKarVG8u3hjpMjhi7v39w93H29Fe2/iwaMA78ExfZ9cpUdoF0NQ"
    "HD2KPndGyXI3nD6JC53fwOmjnK5HOen3Z4lyjE+zOspBhtCLUc6XCIEnRJn4qYKPLBT5jy"
    "whM0gyOiplwxcCLhGRQA6mQnYiszQUP6EAyO9JBCDb0c3e7/At+haNyToa4aVMLo3F9ZAK"
    "klZ4ymMxWsnbyN9pUCVCIigiJxLKqCpVEj8DGVsRhgCOlDxHz1wKr1EYNsw3fU1jSt1557"
    "xhHHEcXghxEW2F8dw4qY5RJC5CxTV/dQq26rxJqzPT0os8bbh1RB+yOrZyJ489aXwY0phh"
    "7Ro2/xYyFR9UtQ6qkh7MCfZMxcPePpaFTy2oBFPLg78j+BMLq1adqDV1etHxHztdyzG3Db"
    "TViGcKHu62cI9mwv9FFg/znlD+AvKGrjdAIwOUHB8pVu/x6IihMZmp5Xthjk5R+xLZlt9K"
    "SbUXtungpxIvl5C6Ddi5Sh9SYcceP8R9KRkJBB8Dso5cgN/W9B9FawMs+NJpPmFRywPfGn"
    "hJE7oDn2p54Nu4rHDuNGcwlfdgtwAbxgI06oS3oeIhb9OxqKSEC+K5hge8BeB5+sgF9KKW"
    "B74F8AwRF8S1uIe6BdQzSiIuvG3OEXXBvKznwW8BvppBwRYtmPyyZis2v2Mh6mnI/MTxXh"
    "MaWHr56jR6UatPyZTL19dvr3+4enOdwZ4dqUN7G1mJjoAsjixtuxLYopLH1YIrRTAQ9xst"
    "cRRzm29SCa5F0yNsQVjPOBotIFu4MOxlvV4MikWm/c11A6L9zXUlz65P2Wh2caqWxM1mQ7"
    "k0+FzFt3RrX6IAcpxEZmr1CdYjux7FWYFNO5miVg+7mO4sSzCWAu64MqF/C14HpcUJxWa5"
    "w/oE0a9giqZ8RMl6x3nld/pSPYK9zHjvAaUHOO8rQEwYf/flCffJVfoKknhStgeU/ldfpq"
    "8wySVBO0LUcDHQWcLjVwOdcDVQNtBZlgOZg2D1eiBqSjUqexAEwrliAHJdb8BcTDMlcRjI"
    "ZTkzEkfyj5lwmN7J0gOYgRA/IamjiroxoFciiTP2ogcHuo+15IGWSX1rwpJFUuXSB18v9F"
    "NJKUPn+Mt0tCdW9z34VTq5IbdsUE2wGyp9CnH3xhwYX0DjyDVX6WHYevmq0SRUKVYZumYn"
    "bcGrOlnLkBW7r+a9Tanb61FzP0LHU8MfGItsd+QP+rfcflDiD4ptsMAf3N7c3978/X0dfX"
    "BI50rGxxa/SofN1S4V1wINCvAKUb3sWcMwAI9oxYVDw3CQrFtO3RdGknXPSYlcvfp5hkMu"
    "CVlZ/cm2vPogd9jNg0pXI3j3qRO9mHefjus++cU7puPUzG+qc5vqvKY25Y3rV+34EscHXa"
    "7j/Vjvx3bNEOfvx6ZpDNt2EnmGo2ZHCUOogU+7SCYb5Ts9yMUtacVS0U42SdFSJouWwikl"
    "jJleKCuWAbK5tPu9QVYwSDTgBaFZUVUcJN6woh3VCgawpoSLV5bwgrXwfBEYG0qFSkRSSz"
    "/nHnzmrAyrd5I75ySfcq+KU49Rp6186wOVQwYqIXpCliWklYBm8h5NC5qP4j2cugkt38N+"
    "4rJZ1FcT9NXEfPX9hB6Rtw1RHfEZKr4cgPtKFw1fyyIZ29q9+B66F3gnbqzLd5FreJO0XG"
    "LqDnpRy/dH7rhPSLBpVZ1kS9E3+7bwu9YmKSh52NvC7lqZpKDkYW8Bu18IeZhgyhfEOHJD"
    "XlHiBHcq78FuAfbUOpG6GuxU3oPdAmyfcfQZx64Z4vwzjtmSIEvK0VwuVJ1z/M2UapB0TO"
    "XzpCCM2BrRd2Cs05dZYi9l/mUeUO2VmJzXeT0SczUxTiYJ9UYfpfTjIW/l04Tn3K8NfJrQ"
    "pwm7box9z2fMJ4c0hNTQ6FH1qv2tr/FUvKfi/wy4my5eU9RNHd/YdwC9ZULWou7NcKCMrI"
    "wpWqWqLKreSG1KXSc4uqarSmoe+vbQu6asSmoeep+06oxf75NWR27Intr31H7XDHH+1L4q"
    "ZWWh9dMSV9WUfphKNKDzpew7MOaQzhHP6PS0+k+y9iYp9kMiRaCTmLKBQcAX2HchKZtUwA"
    "CObIz+ge/WgNTPpntXkfue1e8mq++n9ae8/usm0/pfV0/rf109rf/1C9P6Pa/vef3OAype"
    "07aeqjqYzRR60Vkc2/uPqRPYWtzz+D7OOhOnxKwGLf1Wx2ryBaUDNfuj+oMdLSXvo979Rr"
    "3bDX8P0Dav0t+tRt8U2MLH7lyi/5B0glnz2cIqlEpCV5MLq5LgixzDB1mlg6InzGTMPmZY"
    "NBARyBMwjiOOw/FABPXYLB6clBVWxT3G8s+R/DPRUD8TtW164ZA3sjALW5MCi/szhGQKBW"
    "JCKq/EZx4r7y9naKvz2QMZP9UD+YmHHaUotHUdXINcoxeRR8kzGDbxDIbVnsGw2jMY1tMU"
    "vvRfZoVho9J/w5rSf8Oa0n/Dl0r/qU7YrVPKVHyg0jpQSQYKJ9gzFQ97a9jzMdsJ+oKah3"
    "83+Fs0/aKeN0BrA5x4t2VvBHnE73nYBaLqfHjbvgZqphPKXT8HQ8V/C37/z05wi432/7T0"
    "O11jxLvI29YQ4nZsZQexB2Dv9WV62mSNbrRTZPjtAkZqKNriwfWZQR0FPs1lXmS/f5GVrW"
    "FOS3MST4WbOwAwCsCCrP9qVMgGWPwJElJwAAgVPySA20z3vi5qnS+XXrXBFn1Wwtuz051k"
    "p/3ULV9ruJ+1hk8W8HZsOlJn4t2jJ8K6bYjT5cFOSDx0zSR/FuKha7h3pU8qebXNv4WyO9"
    "wjP+i0q9RSYPcQRd8ZlzozUzSNpEvNsEsL1X5CsBjomccHdYH0IpV4MYz+EiFAZWArF4BF"
    "aI0Yz8LfJOyVJ2SpDMaT3aT0rqpU3OJ78IlMH+WGUZiK05MNQE+IbsCais5WrjIT6HMUWX"
    "Z1Pd5tX55g5hRX7xxUN/l0uhBV7xjLVcfL1d1Tk9HCDxU7OU5LskS2sgh10Oc6HvjWwCdd"
    "mRvwuY4Hfjfn6DTjd+Y9WcZw07OqHsfNXq/JovMpWS4xFy0CJFS6MRjKp1tOEB2A5HsegP"
    "WCyH/wdAHE8DlJht31YgPwTI6+G8AgDgAjtvXmh7vRDuN1cl+3byzX6c/QfWJCvJtjTF/t"
    "YNC1U+5YdTNV6AVtfuxFo7IrcyGgUvlegF2in5rkKK6qcxRX1TmKqxdyFEvEGJxbOPHqZm"
    "+o9IEJPEa7d3CojF1AlGdgqRf2o1b88PMdCmFFInRr2sCZfSFV/NMfh/Q4Py5XhPK72Opy"
    "5idrfU6sxEY0buh1KionjvSe5Il2vrGAqqjH3oHxDEfpPOR0i3P58LI2UaTIHnmNNRQaMR"
    "fXmlVwRge60Z5ZIj/74ljOJiMxtS2Equ7+c41ejMTHdnu8l3lUuEUHRnmLdR9FPc8ftY6q"
    "jOHEzQIlRZ/sb2uBZGTfBr9uP7lUw/c5+/fwD+rABkj4dRxF083PaGP1YosS9a5sLjvS2x"
    "E1YVGFqHYy1dg1ABAEeC4zkeLoWiYjpfsImUxBav8z5TRVonKJkt2ybMTpXq+9Z6+1mrvY"
    "54Kd0zqtBd7izXUD3uLNdSVvoU/ZeAtxysJbVPuxYrSYI7qi2MacVhumpNaL7u7ENsptEp"
    "DIEllUDzupfC+scGxHd0oRbOPoFvV89uAM86QP5BFZGavkRO0QzzORBgO7EpbzhSQNtIBs"
    "ke5qKbfbkJtfYo7YGHwnBmn2FzXqjpMJ1OJgiJeYZ5W0GaAkFNcg4v1sw/wB7+QH/TObK1"
    "s96Kv/tyxSTaWk8n6AaTHAyM/Ipfmn8r0AuzNrimRf6GKFVL533dAJ/Vo1+Lg4tpmCz5e6"
    "9zt6XHfB21DxiPctlPgzMLYayIllw/Bq76ao1Yth99gtHz2vsBgMnFt+Uc+nKto2fIqeRO"
    "Dn3vMU9Tz+bfEPIeOjmLWwQFnT2+AMiaR7JMYQfmFhkvSZQR2VxHKZBlwShVFAluAJhjFK"
    "VqjBMAQrSqaIMST3WUuqosvgfwIZAmwBKXoHxkpDbdG2QM8wQFO8hKGNQzrAHXaZXG/lKq"
    "oDt/1yFR0K3IbN6j7XlH2uqfrsxh8pQ7sYJVPohXd10oC6I13eBxKGZK0+5a1OLztX2+3N"
    "TKkGZbckLQ1BqqU3ihyAz3JjyWyjyUiuyBXnCAkAjDbqeJrHluuAdC+W0NpSQVUJVnM0bV"
    "W5jnJP3znuYwvFZnso1m2iWLeLomMHuSLWfHo185IpeN7FPfqUH5Zt/V0Nu5tp9AHvztRk"
    "WcgbtqjXXtQ7HgH2ygdA+/EGfkGTBSHW3a3TU7W+wNoQejkGigAMAiqHVDVTTc1Qk5lrGM"
    "lENxHRB6TvVAY8Ca0YEPGJWfFD1e8YAATF6KwvgdTu0yiyptUPfMNv0bdorOaOShpgxhHN"
    "dtLW+gIwrEqNyCl86ZoSnMzZQ5FEMZCVQBmKOJAWldjhMBaPDOKVfEIhKx9pRuhcXGhnv8"
    "Mn9E/R0Vb7G7p5urDehkovgrJjOx2y9KdTci1T6IPLcfTlKD517FPHPUZc+w1OLTxX8R24"
    "z9afR7zis/UdaPk6YnDP1hf0fMvfbWVhGus59j5lVc+WtLNBgFm7r6Ck6BP2O1tA9OjMVp"
    "ezehCwqHqv84AldTT/hHetqvN3zWOd4Uhxkro6GV4WYtXEsppZDUypRjV1IOdoueKSNWQo"
    "kilNWeY4kquH9KkxeCX5SZkEVdNDGFmiCQk2evnwTO5JpCopS5qUAcZxGMrLTRBYwsCy/d"
    "Fxbqto1kj0KaPsgkIsK8+j7qYU5f9wLmw8AGNEKaFjVTUyInwhHjhZDC3t25BF/ZrS27rU"
    "t7qR/FvIlc8lR3+/yNuHKSAvjJ5XkrcTBsuaT87KPo9Se4/EQ8VIXTP9BtW9n0ULkD/ALz"
    "+9v3ufof438CqpNu5LDXWu1FDWXrZsUE25mzq9iJGK1Pt1k2z/dXWy/7o613/9wkIiBaOD"
    "JVJ5b4V9WsEXcz+h464HjW3sK4E3NPqE+972nXONQT0Ds2vsGdMsVGnYhk2VHgX9e2vDjE"
    "MeW+LDulJxWsHDuQ2nCjxcOJFMwTMhLRbpI/Hatn0yqvE2VHrh2x0fcrYST+BUiMLU8c3c"
    "HXOT/XDzOMqaPeqyj+x6FAmfpmFkUasXHc5JZ9Nt0eBbBtq2jvM2hsbc1zOzTRXbPSjtYl"
    "hsll3axPAGUTxdXFiIc31mUEebw1zmJdK8GtOubQF4JnTrwXYAfELUzhndLiCtWLiYq/Sw"
    "z70cNtnKWkhVV2SS50pchvioHBDW4j1Ed09r0spTR9RmZ9sI//P+y+eqKSOZSgnlAE85+D"
    "8QYnaOzFENuBKMeue57CeXXAd5gZOXp/7j/wGNcCYK"
)

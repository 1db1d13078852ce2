"""Indexes for the last editions that link to an article, and for the last one at a revision."""

from tortoise import BaseDBAsyncClient

UPGRADE = {
    "sqlite": """
CREATE INDEX "idx_link_target__a617cf" ON "link" ("target_id", "edition_id");
DROP INDEX "idx_link_target__7cce50";
CREATE INDEX "idx_edition_since_127952" ON "edition" ("since", "id");
""",
    "postgres": """
CREATE INDEX "idx_link_target__a617cf" ON "link" ("target_id", "edition_id");
DROP INDEX "idx_link_target__7cce50";
CREATE INDEX "idx_edition_since_127952" ON "edition" ("since", "id");
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
    "X3TCSwnvzEXX51ir7q3Eurd9PSrTxt/HVEp7I62HJn9D2TfxgmP/tcmn8LmYqPslpHWcmQ"
    "5gR7puJhbx/cwqcW3IKp5cHfEfyJhWarzp6bOr0Y+I+dNuSY2ybaasQzBQ93W7hHM+EQI4"
    "uHeU8ofwF5Q9cboJEBSo6PFKv3eHQI0Zjd1PK9MEenuH6JbMtvpaTaC9t08FOJl0tI3Sbs"
    "XKUPubFjzx/iuZSMBIKPAVlHLsBva/qPorUBFnzptMizqOWBbw285A3dgU+1PPBtXFY4d1"
    "pTmMp7sFuADWMBGnXC21DxkLcZWFSWwgXxXMMD3gLwPJ/kAnpRywPfAniGiAviWtxD3WY1"
    "PiURF94254i6YF7W8+C3AF8tqWCLFkx+WbMVm9+xEPU0ZH7ieK8JDSyjfHUavajVp2TK5e"
    "vrt9c/XL25zmDPrtShvY2sREdAFkeWvl0JbFHJ42rBlSIYiOeNljiKuc03qQTXoukRtiCs"
    "lyCNFpAtXBj2sl4vJsUi0/7mugHR/ua6kmfXTTaaXTTVkrjZ8iiXDp+r+J5uHUsUQI6LyE"
    "ytPsF6ZNejuEyw6SBT1OrhENOdfQrG3sAdtyr0bwfsoLRbodgtd9iwIMYVTNGUjyhZ77jQ"
    "/E7fqkewlxnvPaD0AOd9BUi0zjBd7mPTwq1xq77CxdB0D0jdJ3fpK0jiTdkeUPoffZu+wi"
    "S3VO0IUcPNVGcJj99NdcLdVJlfYNlOZfoM1fupqCnVqGxEEAhflAHIdb0GczPSlMRhILc1"
    "zUgcyX/MhH/5TpZuwAyE+AlJHVXskAG9k0u02ItGHOg51pIRWiYNRQhLNpmVS0d8vdBvJa"
    "UMnePvatKOa9334Dc15YbcskF1PsJQ6RMjsDeixfgCGgf6uUoPo/zLV43W7Eqxykg/a7TF"
    "+qqxllAsDl/NR5vSsNej7n6EgaeGbjE2Ke9It/SvXMGgRLcU+2CBbrm9ub+9+dv7OrblkM"
    "6VpBMsfpVmGapdKq4FGhSmFqJ627iGYQAe0YrL8sw4SPZ9p+4LI8m+8aR0tN49PsMhl/y1"
    "rJ5l255+kCfs5kGlmze8+9SJUcy7T8d1n/xeJ9NxauY31blNdV5TmxLd9ZucfJnug+5u8n"
    "6s92O7Zojz92MLCR+LQ1tOCFV7ttOyZBPCMOffAMXzBVeHkUi/k4g/cQRDWZUIc8A4IYGk"
    "+yh6wqqg0hiyEZmN3wEGsTrGJG9RFU/GVuLw0M9rUjep2BnUbb2X21EvN7GOkwEyFT/VtF"
    "4z5MscnQR272J5F6trhjh/FytdKWLxroxFJDWH2RlCDWjDRbL8PT9kTm63Tovqi36ySerq"
    "M1lXH04pYcwk+lixUqWNNdzvA7KalqIDLwjN6v4LJ0sRjiqzq/bUgjUlXPxkCS9YC+8KCa"
    "csVyoUy5Ra+j33QEtmJwV4D61zHtopj7Q79Rx12sMZPBd8SC44RE/IUtSkEtBM3qNpQfNR"
    "/A6nYULL93CcuGxGrNfw6jW0ev04oWfkbUNUk+qGii9Q5b73WsPXsmzbtnYvvofu5TYSN9"
    "blu8g1vElaFj1xB72o5ccjd9wnJNi0qpe3pei7fVv4XavlFZQ87G1hd62VV1DysLeA3Zfm"
    "OEww5Uu0HbkjryhxgjuV92C3AHtq3atWDXYq78FuAbbPOPqMY9cMcf4Zx2zXtSXlaO7Irs"
    "45/mZKNUg6pvJ5UhBGbI3oOzDW6csssZcy/zIPqI7zTtp1Xo/EXO09kElCfRZdKf14yEf5"
    "NOE5j2sDnyb0acKuG2PfW0byxSENITU0elRPdX9bmD0V76n4PwPupovXFHVTx3f2HUBvmZ"
    "C1qHszHCgjK2OKVqkqi6o3UpvDVxIcXdNVJTUPfXvoXVNWJTUPvU9adcav90mrI3dkT+17"
    "ar9rhjh/al9VC7XQ+mkV0WpKP0wlGtD5UvYdGHNI54hndHpaYDHZe5PUUySRItBJTNnAIO"
    "AL7LvaTw2jgAEc2Rj9Az+tAamfLfeuJveTt9Pyvj5RJ0a7QR3h71f8p5T/6yYr/l9Xr/h/"
    "Xb3i//ULK/495e8p/84DKn6mbatVdZybKfRisDh2YBBTJ7C1uKf4fQh2Jk6JeXSJ4TQ29U"
    "QKSn3o9l09+MhHxPuNiLd7/h6gbX6mVMd6fVNkC5+784lSh+QazDM3LJRD6UiOauZhVRJ8"
    "kYD4IEt4lOurAU7AOI44DscDEfFj8/CG5FgHVfljLP85kv9MNNSfido293DIBzUpBVc8Ti"
    "wkUygQE1J5JWTzWvk4ZENbtWcvZPypXsiTFB0lKbR1HZyDXKMXsUfJNRg2cQ2G1a7BsNo1"
    "GNYTFb70cmaFYaPSy8Oa0svDmtLLw5dKL/vafycJVZKJwgn2TMXD3hr2fM52gr6g5uHfDf"
    "4WXb+o5w3Q2gBln7a5Ccqa3gitjeCP6O4CU3U+zG1fAzXTCeWun4Oh4r8Ff1x9J7jFRsfV"
    "W8adrlHixxxw9sCI27GVA8QegL3Xt+lplzWG0U6R4bcLGKmpaPuIlKRlUHs4Si7zIvv9iy"
    "x7DXNampN4KtzcAYBRABZk/VejfLY8iASChBQcAELFHxLAbaZ7Xze1LqZL79rgiGQr4e3Z"
    "6U6y037xli9E3M9CxCcLeDuWo+5MvHv0RFi3DXG6PNgJiYeumeTPQjx0DfeujEklr7b5t1"
    "B2h3vkB512C1sK7B6i6DvjVmdmiqaRdKkbdmkX208IFgM98/qgLpBepBIvhtFfIgSoDGzl"
    "7rAIrRHLT/NMwl517mcYyAZ11JQ+1Z6KR3wPPpHpozxNClPRPNkA9IToBqypGGzlFjSBPk"
    "cR3w60j/fYlxeYOcXVOwfVTT6dLkTVO8Zy1fFy9fDUZLbwU8VOjtOSLJGtZkId9LmOB741"
    "8MlQ5gZ8ruOB3805Os38nXlPljnc9Kyq53Fz1GuyI31KlkvMRY8ACZVuTIby7ZYTRAcg+Z"
    "4HYL0g8j94ugBi+pwk0+56sQF4JmffTXKGNyO2zeiHe9AO83XyXLdvLNfpz9R9YkK8m3NM"
    "X+1g0LVT7liSM1XoBW1+7G2jcihzIaBS+V6AXaKfmuQorqpzFFfVOYqrF3IUS8QYnFs48e"
    "pub6j0gQk8Rr93cKiMI0KUZ2ApJvajVvzw8x0KYUUidGvZwJl9IVX80x+H9Dg/LleE8rvY"
    "6nLmjbU+J1ZiIxo39DoVlRNH+sDyRDs/dUCV22PvwHiGo3Qdcnr+uXx5WbgoUmSPvMcaCo"
    "2Yi3vNKjijAz1ozyyRX31xLGeTkZjaNkJVD/+5Ri9m4mO7Pd7LPCrcYgCjvMW+j6Ke549a"
    "R1XGdOJmgZKiT/a3tUAys2+DX3fYXKrhx5z9e/gHdWADJPw6jqLp5me0sXqxRYl6VzaXHe"
    "mzipqwqEJUO5lq7hoACAI8l5lIcXUtk5HSfYRMpiC1/5lymipRuUTJUVo24nSv996z11rN"
    "Xexzw85pndYCb/HmugFv8ea6krfQTTbeQjRZeItqP1bMFnNEVxTbmNNqw5TUejHcndhGuU"
    "0CElkii+ppJ5XvhRWO7ehOKYJtHN2ins8enGGe9IE8IitjlTTUTvE8E2kwsSthuV5I0kAL"
    "yBbpkZfyLA55MibmiI3Bd2KSZn9Rs+44WUAtLoZ4iXlWZpsBSkJxDyJ+n22aP+CT/KR/Zm"
    "tlqyd99f8ti1RTKam8n2BaTDDyM3Lp/ql8L8DuzJ4iORa6WCGV790wdEK/Vk0+Lo5tpuDz"
    "pe7jjp7XXfA2VDzifQsl/gyMrQZyYjlNvNq7KWr1Yto9ds9HzyssJgPnnl/U86mKth2foi"
    "cR+LmPPEU9j39b/EPI+ChmLSxQ1vQ2OEMi6R6JOYRfWJgk3TKoo5JYLtOAS6IwCsgSPMEw"
    "RskONRiGYEXJFDGG5CFsSVV0GfxPIEOALSBF78BYaajz2xboGQZoipcwtHFIB3jCLovrrV"
    "xFdeC2X66iQ4HbsFnd55qyzzVVn934I2VoF6NkCr3wrk4aUHdkyPtAwpCs1ae8NehlbbXD"
    "3syUalB2S9LSEKRa+hTJAfgsT53MTqGM5I5c0UZIAGC0UdfTPLbcB6RHsYTWlgqqSrBao2"
    "mrynWUZ/rBcR+HKDY7RbHuGMW6cxQdB8gVsebTq5mXTMHzLu7Rp/ywbPvvatjdTKMPeHem"
    "JstCPrBFvfai3vEIsFc+ANqPN/ALmiwIsR59nTbV+gJrQ+jlGCgCMAionFLVSjW1Qk1mrm"
    "EkE91ERB+QvlMZ8CS0YkDEJ2bFD1W/YwAQFLOzvgVSR1OjyJpWP/ADv0XforFaOyppgBlH"
    "NDtmW+sLwLAqNSKX8KV7SnCyZg9FEsVAVgJlKOJAWlRih8NYvDKIV/INhax8pRmhc3Gjnf"
    "0On9A/xUBb7W/o7unCehsqvQjKju10yNKfTsm1TKEPLsfRt6P41LFPHfcYce03OPXwXMUP"
    "4D5bfx7xis/Wd6Dn64jBPVtf0PM9f7edhWms5zj6lFU9W9LOBgFm7b6CkqJP2O9sATGiM1"
    "tdzupJwKLqvc4DltTR/BPetarO3zSPdYYzxUnq6mR4WYhVE8tqZjUwpRrV1IGco+WKS9aQ"
    "oUimNGWZ40juHtJNY/BK8pMyCaqWhzCyRBMSbPT24Zk8k0hVUpY0KQOM4zCUt5sgsISB5f"
    "ij4zxW0ayRGFNG2Q2FWFaeRz1NKcr/w7mw8QCMEaWEjlXVyIjwhXjhZDO0tG9DFvVrSm/r"
    "Ut/qQfLfQq7cllz9/SLvH6aAvDF6XkneThgs6z45K/s8Su09Ei8VI3XP9BtUz34WPUD+AX"
    "756f3d+wz1/wCvkmrjvtRQ50oNZf1lywbVlLup04sYqUi9XzfJ9l9XJ/uvq3P91y9sJFIw"
    "OlgilfdW2KcVfDH3EzruetLYxr4SeEOjT7jv7dw51xjUMzC7xp4xzUKVhn3YVOlR0L+3Ps"
    "w45LElPqwrFacVPJzbcKrAw4UTyRQ8E9Jikz4SP9t2TkY13oZKL3y740POVuINnApRmDq+"
    "m7tjbrIfbh5HWbNHQ/aRXY8i4dM0jCxq9WLAOelqui0afMtA29ZxPsbQWPt6ZrapYrsHpV"
    "MMi92yS4cY3iCKp4sLC3GuWwZ1tDnMZV4izasx7doRgGdCtx7sBMAnRO2c0e0C0oqNi7lK"
    "D8fcy2GTo6yFVHVFJtlW4jLER+WAsBbvIbp72pNWXjqiDjvbRvgf918+Vy0ZyVRKKAd4ys"
    "H/gRCzc2SOasCVYNQ7z2U/ueQ6yBucvDz1H/8PvlcvPQ=="
)

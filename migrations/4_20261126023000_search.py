"""The search index: passages of editions, the words in them, and the forms by which near words are found.

These tables are no models: FTS5 and `tsvector` have nothing in common but what `models/searching` makes of them.
"""

from tortoise import BaseDBAsyncClient

UPGRADE = {
    "sqlite": """
CREATE VIRTUAL TABLE "passage" USING fts5(
    title, heading, summary, body, tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co'"
);
CREATE TRIGGER "passages_go_with_their_edition" AFTER DELETE ON "edition" BEGIN
    DELETE FROM "passage" WHERE rowid BETWEEN OLD."id" * 1048576 AND OLD."id" * 1048576 + 1048575;
END;
CREATE TABLE "search_word" (
    "word" VARCHAR(40) NOT NULL,
    "language" VARCHAR(10) NOT NULL,
    "term" VARCHAR(40) NOT NULL,
    "passages" BIGINT NOT NULL,
    PRIMARY KEY ("word", "language")
) WITHOUT ROWID;
CREATE INDEX "idx_search_word_term" ON "search_word" ("term", "passages");
CREATE TABLE "search_form" (
    "form" BIGINT NOT NULL,
    "word" VARCHAR(40) NOT NULL,
    PRIMARY KEY ("form", "word")
) WITHOUT ROWID;
CREATE TABLE "search_index" (
    "analysis" INT NOT NULL,
    "passages" BIGINT NOT NULL
);
INSERT INTO "search_index" ("analysis", "passages") VALUES (0, 0);
""",
    "postgres": """
CREATE TABLE "passage" (
    "id" BIGINT NOT NULL PRIMARY KEY,
    "edition_id" BIGINT NOT NULL REFERENCES "edition" ("id") ON DELETE CASCADE,
    "title" TEXT NOT NULL,
    "heading" TEXT NOT NULL,
    "summary" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "terms" TSVECTOR NOT NULL
);
CREATE INDEX "idx_passage_edition" ON "passage" ("edition_id");
CREATE INDEX "idx_passage_terms" ON "passage" USING GIN ("terms") WITH (fastupdate = off);
CREATE TABLE "search_word" (
    "word" VARCHAR(40) COLLATE "C" NOT NULL,
    "language" VARCHAR(10) COLLATE "C" NOT NULL,
    "term" VARCHAR(40) COLLATE "C" NOT NULL,
    "passages" BIGINT NOT NULL,
    PRIMARY KEY ("word", "language")
);
CREATE INDEX "idx_search_word_term" ON "search_word" ("term", "passages");
CREATE TABLE "search_form" (
    "form" BIGINT NOT NULL,
    "word" VARCHAR(40) COLLATE "C" NOT NULL,
    PRIMARY KEY ("form", "word")
);
CREATE TABLE "search_index" (
    "analysis" INT NOT NULL,
    "passages" BIGINT NOT NULL
);
INSERT INTO "search_index" ("analysis", "passages") VALUES (0, 0);
""",
}


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Return the statements for this connection's dialect."""
    return UPGRADE[db.capabilities.dialect]


async def downgrade(db: BaseDBAsyncClient) -> str:
    """Refuse: going back is done by restoring a backup."""
    raise RuntimeError("Migrations go forward only. To go back, restore a backup made before.")


MODELS_STATE = (
    "eJztXW1z2zYS/isYf7l2RtdJbMvJNZ8cN2lzzSV3tufamaQjQSQkcUwRKgBa0fTy3w8AQR"
    "KkQJqg3igGXxKL3CWkZ0Fg91lg8dfZAvsopD/cBQyd/Qj+OovgQvxRuD4AZ3C5zK+KCwxO"
    "QilIU4kJZQR6jF+bwpAifslH1CPBkgU4EpLXQMiCVcDmIGAUhDCaxXCG6CswDrEHQ0THIA"
    "wov4UeEVmD5CKXBXNIgYcjhiIGgmgA2BwBH01hHDIwDQhlP4iv4GOPf4cgmh2ktTgK/ozR"
    "iOEZ4gKEt/npD345iHz0BdH04/JhNA1Q6BfADXzxAHl9xNZLee2GQ/tWSopfMhl5OIwXUS"
    "69XLM5jjJx/kPF1RmKEIEM+RrsURyGyjrppeS78guMxCj7kn5+Qf08fkFoJ98gv3Y2Gn34"
    "eD+6e3M/Gp1tGDbV0NBXlziIolMEEaPy9y/gl1GIohmb848XV1+TdnIcEinR4H+vb29+ub"
    "797uLqe9Eg5j0r6W4f1J3z9NYSUzYjUlXXAjcf37+/vn8DPp/dfD47+yrbggwmrUnz5PZ4"
    "QGsbgyjx3lnk+bNnDUzCpSptkt4zGUXcM1glt4L8f8MM9+gLM5shld+NHdILuSHyYewAlq"
    "gB/v7N7/fiyQtK/wx1vL/71/XvEu7FWt15//HDz6m4Zp+b9x9fl8COSWiDtRJvBbXq0N8q"
    "0uoHjJL5xWac2dTsRVcvTQPDJtPAsHoaGFZPA8P6AUe5AZsm+SfFkdkkmkovbHGIl0G4Qd"
    "MHbeIVFybQe1hB4o8Kd3LbQMICz2ic10rz7a+3KITyB29aQ7mv18lTTtcw+VU1kBY68DKe"
    "hIEnMdgSqH/nT+oTWKKn4XNc1fc2by3OF+UrMOJRg6/aFi2V+pYhatK6XXXgBDWhp2OnCC"
    "h5gKcAytiGBzLcEx2DgMoIRXwHMFmD1TzwkpCH4ph4CDxEeEX5hQEIpiK8WfHwJlgsMeH2"
    "NcRN+2zJEDN9khHkKAlyhGf9h4uiXBR1Wi5l0STDRmHUsCaMGtaEUcOnwiiPIAHcCDLDlB"
    "DM3kUVLn5Rr2QWMaae3rzAvy//7+//OD+/uHhx/uzi6uXw8sWL4ctnL7ms/Mabt17U2O71"
    "u5/ffSh5OeJC0QDaeNb0XdBUeuFWHnWM2vA3i6bZtMtbTFAwi35Fa2mdd/ynwMgzBVwlVv"
    "TErFLlJvHLBK6yGVbvjfy381+MJDl8dvvm7v723Q3v7008eOQHO3BM3yRP6RHaxRA0iB74"
    "mDsleLEdTu/5g05v4nRRTtejnPT9M0Q52qtZHeUgTejJKOdjhMAjIpR/lMFHFor8LUvIDJ"
    "KMjkzZsDmHi0ckkAGPy05EloYEj8gH4n3iAchmdLPzFj5Hn6MxXkWjYCGSS2P+PCSDpGXg"
    "sZjPVqIZ8TkNqnhIBHnkhEMRVaVK/KMvYitMEQgiKc/QFyaEVygMG+abPqUxpRq8c94wjl"
    "gQnnFxHm2F8Uy7Ka8RxB9C+DP/sAq26rxJozPT0os8brh1QB+yOrayJ48dabwf0pgGyjVs"
    "/i5kKi6oah1UJSOYFeyZioO9fSwLH1tQCbqWA39L8CcGVq06Uavr9GLgP3S6lgXMNNFWI5"
    "4pOLjbwj2acv8XGTzMO0zYE8hrus4AjQxQcnyEWL3HoyKGxmSmku+FOTpF7QtkW74rJdVe"
    "2KaDr0q8WEBiN2HnKn1IhR16/uDtEjziCD74eBXZAL+p6V6K1gaYs4XVesKilgO+NfCCJr"
    "QHPtVywLdxWeHMas1gKu/AbgE2jDloxApvTcVB3mZgkUkJG8RzDQd4C8Dz9JEN6EUtB3wL"
    "4CnCNogrcQd1C6inBEeMe9uMIWKDeVnPgd8CfLmCgs5bMPllzVZsfsdC1OOQ+YnjvcLEN4"
    "zy1Wn0olafkinnzy9fXL68uLrMYM+u1KG9iaxAh0MWR4a+XQlsUcnhasCVIOjz9kaLIIqZ"
    "yTepBNeg6RA2IKxWHI3mkM5tGPayXi8mxSLTfnXZgGi/uqzk2dUtE83Ob9WSuNlqKJsOn6"
    "u4nm4cSyRAlovIdK0+wXpg16O4KrDpIFPU6uEQ051tCdpWwC13JvRvw+ugtDmh2C232J/A"
    "x5WAII+NCF5tua78Vj2qR7CXGe8doHQPZ30FiHLjb7894S55Sl9B4t+U7gCl/6jH9BUmsS"
    "VoS4gabgY6SXjcbqAj7gbKJjrDdiB9EqzeD0R0qUZlD3yfO1cUQKbqDeibaTwch77YljPF"
    "cST+mHKH6ZUoPRBQEAaPSOjIom4UqJ1I/I656MGe2jGWPFAyqW+NabJJqlz64NOZ+lZCSt"
    "M5/DYd5YnVvQ9ul05uyA0bVBPsmkqfQtydMQfaG9A4cs1Vehi2nj9rtAhViFWGrtlNU/Aq"
    "b9YyZMXhq/loUxr2etTdDzDw1PAH2ibbLfmD/m23H5T4g2IfLPAHN9d3N9c/vamjD/bpXI"
    "n42OBXqbC52qViSqBBAV4uqrY9KxgG4AEtGXdoaOAn+5ZT94XiZN9zUiJX7X6eBiEThKyo"
    "/mTaXr2XFrbzoNLdCM596sQo5tynw7pPbvOO7jg185vq3KY6r6lNeeP6XTuuxPFet+s4P9"
    "b5sV0zxOn7sWkaw3ScRJ7hqDlRQhNq4NPOk8VG+UkPYnNLWrGU95N1UrSUiqKl0COYUt0L"
    "pcUyQCaXdrcNZAWDeAeeY5IVVQ38xBuWtKPcwQBWBDP+kwW8YMU9XwTGmlKhEpHQUt9zBz"
    "5zVobVOcmdc5KPeVbFseeo41a+dYHKPgOVED0iwxbSSkAzeYemAc0H/jushgkl38Nx4rxZ"
    "1FcT9NXEfPXjhJqRNw1RHfFpKq4cgP1OFwVfyyIZm9q9eB+6F3gnbqzNe5FrOJO03GJqD3"
    "pRy41H9rhPsL9uVZ1kQ9F1+7bw29YmKSg52NvCbluZpKDkYG8Bu9sIuZ9gyhXEOHBHXhJs"
    "BXcq78BuAbZnXEhdDXYq78BuAbbLOLqMY9cMcfoZx2xLkCHlqG8Xqs45/qlLNUg6pvJ5Uh"
    "BGdIXIKzBW6csssZcy/yIPKM9KTO6rvB6OmVwYJ5KE6qCPUvpxn025NOEpj2sDlyZ0acKu"
    "G2PX6xnzxSENIdU0elS9anf7axwV76j4bwF33cVrirqu4zr7FqC3TMga1J0Z9pSRFTFFq1"
    "SVQdUZqU2p6wRH23RVSc1B3x5625RVSc1B75JWnfHrXdLqwB3ZUfuO2u+aIU6f2pelrAy0"
    "flriqprSD1OJBnS+kH0FxgySGWIZnZ5W/0n23iTFfnAkCXQcEzrQCPgC+84lRZfyKQgiE6"
    "O/59YakPrZcu8qct+x+t1k9d2y/pTXf95kWf/z6mX9z6uX9T9/Ylm/4/Udr995QPnPNO2n"
    "qg5mM4VeDBaH9v5jYgW2Enc8vouzTsQp0atBC7/Vspp8QWlP3f6g/mBHS8m7qHe3Ue9mx9"
    "8BtM2r9Her0zcFtvCyW5fo3yedoNd8NrAKpZLQ1eTCsiT4JMfwVlTpIOgxoCJmH9OAdxAe"
    "yGMwjiMWhOMBD+oDvXhwUlZYFvcYiz9H4s9EQ35M1DbphX02ZGAWNhYFFs9nCLEHOWJcKq"
    "/Ep18rny+nacv72RfSPsov5BYedpSiUNa1cA1yjV5EHiXPYNjEMxhWewbDas9gWE9TuNJ/"
    "mRWGjUr/DWtK/w1rSv8Nnyr9Jwdhu0EpU3GBSutAJZkorGDPVBzsrWHP52wr6AtqDv7t4G"
    "/R9Yt6zgCtDXDk05adEcQVd+ZhF4iq0+Ft+xqo6U4os30dNBX3LrjzPzvBLTY6/9Mw7nSN"
    "Ee8ib1tDiJuxFQPEDoC9U4/paZfVhtFOkeE3cxjJqWiDB1d3BnUUuJfLPMl+/yYqW8Oclm"
    "Y49ribOwAw8sEcr37UKmSDgP8JElJwADDhHwSAm0z3rh5qXC+XPrXBEX1Gwtux051kp93S"
    "LVdruJ+1ho8W8HZsOVJn4t2DJ8K6bYjj5cGOSDx0zSTfCvHQNdy7MiaVvNrm70LZHe6RH3"
    "TcXWopsDuIom+1R52YKZpG0qVu2KWNar8gWAz09OuDukB6nko8GUZ/jBAgIrAVG8AitEKU"
    "ZeFvEvaKG6JUBmXJaVLqVFXCm/gBvMfegzgwKiD89mQN0CMia7AifLAVu8w4+gxFhlNdD9"
    "fs0wvMrOLqrYPqJq9OF6LqLWO56ni5enhqMlu4qWIrx2mBF8hUFqEO+lzHAd8a+GQoswM+"
    "13HAb+ccHWf+zrwnwxyue1bV87g+6jXZdO7hxSJgvEeAhErXJkPx7RYTRAYgeZ8HYDXH4p"
    "/AmwM+fU6SaXc1X4NgKmbfNaAw8AHFpv3m+2toi/k6adfuHct1+jN1H5kQ7+Yc01c7aHSt"
    "xyyrbqYKvaDND71pVAxlNgRUKt8LsEv0U5McxUV1juKiOkdx8USOYoEohTMDJ17d7TWVPj"
    "CBh+j3Fg6VdgqI9AwM9cJeK8W3v96iEFYkQjeWDZzYG1LFP33dp8f5brHEhN3GRpczv1nr"
    "cwZSbETihl6npHLiSJ1JnmjnBwvIinr0FRhPgyhdh5wecS6+vKhNFEmyRzxjBblGzPizph"
    "Wc0Z4a2jFL5FZfHMrZpDgmpo1Q1cN/rtGLmfjQbo/zMg8KNx/ACGux76Oo5/ij1lGVNp3Y"
    "WaCk6JL9bS2QzOyb4NedJ5dquDFn9x7+Xh1YH3G/jqHIW/+K1kYvtihR78rmsiN1HFETFp"
    "WLKidTzl0DAIEfzEQmkl9diWSkcB8hFSlI5X+mnKZMVC5QclqWiTjd6bN37LVWcxe73LBz"
    "XKe1wFtcXTbgLa4uK3kLdcvEW/BbBt6i2o/ls8UMkSUJTMxptWFKar0Y7o5so9wmPo4MkU"
    "X1tJPK98IKh3Z0PYJgG0e3qOeyByeYJ73HD8jIWCU3aqd4lok0mNilsFgvJGigOaTz9FRL"
    "cdyGOPwyYIiOwXd8kqbfy1l3nCyg5hfDYBGwrJI2BQSH/BmY/z7TNL/Hltykf2JrZasnff"
    "n/hkWqqZRU3k0wLSYY8RrZdP9Uvhdgd2ZPkRgLbayQyvduGDqiXysnHxvHNlNw+VL7cUfN"
    "6zZ4ayoO8b6FEt8CY6uAnBgODK/2bopavZh2D93z0ZdlwCcD655f1HOpirYdn6BHHvjZjz"
    "xFPYd/W/xDSNkopi0sUNZ0NjhBIukO8TmEnRmYJHVnUEcl0VymAZdEYOTjBXiEYYySHWow"
    "DMGSYA9RisQ5a0lVdBH8TyBFgM4hQa/AWGrII9rm6Av0kRcsYGjikPbQwjaL641cRXXgtl"
    "uuokOB27BZ3eeass81VZ/t+CNpaBujZAq98K6OGlB3ZMh7i8MQr+SrvDHoZfdqh72pLtWg"
    "7JagpSFItdRBkQPwQRwsmR00GYkdufwexj6A0VpeT/PYYh+QGsUSWlsoyCrBco2mqSrXQd"
    "p0g+MujlBsdoZi3SGKdacoWg6QS2zMp1czL5mC413so0/xYpn239Wwu5lGH/DuTE2WuWiw"
    "Rb32ot7hCLBnLgDajTfwG5rMMTaebp3eqvUFVprQ0zFQBKDvEzGlypVqcoWayFzDSCS6MY"
    "8+IHklM+BJaEUBj0/0ih+yfscAIMhnZ/UIJE+fRpExrX6ABl12/cRGverJX/UVGwpaU+lF"
    "hHRoD0DU4bTKdGUKfZj/D743xOVxXR63x4irSdyqh+cqbgB3qfPTCB5c6rwDPR9FAgj7nl"
    "/Ucz2/dc/3A9rOAiVFl7nd2gJ8NKGmAo3VA5BB1Xk8e6yt4iNxtiIJti2v8lPynPUJjlJH"
    "KbCS4WVg2HQsqyk2X5dqVFwFMoYWSyYILooikdsS9W4jsY1E3RqDZyLbL7Jhcp0AxQs0wf"
    "5a7SOdisNpZEldwZdRQFkQhuJxEwQW0Decg3OYZj9Hn6NxxMeUUfZALpbVaZGtSUXxP5xx"
    "Gw/AGBGCyViWD4wwm/MvnOyKFfZtfKK84jlVzWfZUHY+fPGe+mbu9J2O1n/JbLdhg2rqVd"
    "fpha9cpGAvm6RgL6szsJfVCdjLJ3Z3SBgtLJHKOyvs0gquwvYRneh0wtjAvhJ4TaNPuO/s"
    "MDDbeNBF4tvGgTHJwoaGfVhX6VEAvrM+TBlksSFWq6vfpRQcnJtwyiDAhp/IFBwr0WLnNO"
    "I/23R4QTXemkovfLvDQ06X/BtYVQfQdVw3t8dcZyLsPI6yZo+G7AO7HkXypWkYWdTqxYBz"
    "1FVVG5T0hoE2rWN9tpy2IPHEbFPFPA9KR8sVu2WXTpa7RiTw5mcGElvdGdRR2DCXeYrArs"
    "a0a+eynQjdurdj2R4RMXNGN3NIKnaT5So9HHPPh03OF+ZS1WVyxL0Sl8FfKguElXgP0d3R"
    "RqFypWB5AtUmwv+8+/ihYuVMrlJC2Q88Bv4HwoCeInNUA64Ao955LvvJJddBPODoNYO//h"
    "+8t2BH"
)

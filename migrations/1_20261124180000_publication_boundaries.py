"""Indexes that tell what comes due between two moments."""

from tortoise import BaseDBAsyncClient

UPGRADE = {
    "sqlite": """
CREATE INDEX IF NOT EXISTS "idx_publication_live_fr_c19d04" ON "publication" ("live_from");
CREATE INDEX IF NOT EXISTS "idx_publication_live_un_c59212" ON "publication" ("live_until");
""",
    "postgres": """
CREATE INDEX IF NOT EXISTS "idx_publication_live_fr_c19d04" ON "publication" ("live_from");
CREATE INDEX IF NOT EXISTS "idx_publication_live_un_c59212" ON "publication" ("live_until");
""",
}


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Return the statements for this connection's dialect."""
    return UPGRADE[db.capabilities.dialect]


async def downgrade(db: BaseDBAsyncClient) -> str:
    """Refuse: going back is done by restoring a backup."""
    raise RuntimeError("Migrations go forward only. To go back, restore a backup made before.")


MODELS_STATE = (
    "eJztXW1z27gR/isYf+ndjHoTv8hJL58cN7lLk8at7WlvJrmRYBKSMKYIHQBa0Vzz3wuAIA"
    "lSIE1SbxSDL4kF7pLSsyCw+wC7+PNkTnwUsJ/uMEcnP4M/T0I4l3/k2gfgBC4WWats4PAh"
    "UIIskXhgnEKPi7YJDBgSTT5iHsULjkkoJa+AlAVLzGcAcwYCGE4jOEXsNRgHxIMBYmMQYC"
    "YuoSdEVyBuFLJgBhnwSMhRyAEOB4DPEPDRBEYBBxNMGf9JfgWfeOI74HC6l6dFIf4jQiNO"
    "pkgIUPHMz7+LZhz66CtiycfF42iCUeDnwMW+vIFqH/HVQrVdC2jfKUn5Sx5GHgmieZhJL1"
    "Z8RsJUXPxQ2TpFIaKQI9+APYyCQFsnaYq/q2jgNELpl/SzBv3zRIPUjr9B1nYyGn26uR/d"
    "vb0fjU7WDJtoGOjrJgGi7BQ45Ez9/jn8OgpQOOUz8fH88lv8nAyHWEo+8D9Xt9e/Xt3+cH"
    "75o3wgET0r7m6f9JWz5NKCMD6lStXUAtc3Hz9e3b8FX06uv5ycfFPPghzGT1PmyezxiFZN"
    "DKLFe2eR0xcvaphESJXaJLlmM4q8ZrFKZgX1/5oZ7tFXbjdDIr8dOyQNmSGyYWwPlqgA/v"
    "7tb/fyznPG/ghMvH/459VvCu75Sl/5ePPpl0TcsM/1x5s3BbAjGjTBWou3glp36O8Vaf0D"
    "RvH80mScWdfsRVcvTAPDOtPAsHwaGJZPA8PqAUe7Aesm+Qcjod0khkovbLGPl0G6QZNHY+"
    "KVDQ/Qe1xC6o9yVzLbQMqxZzXOG6357sMtCqD6wevW0O7rVXyX4zVM1qoH0lwHXkQPAfYU"
    "BhsC9a/sTn0CS/Y0ckbK+t76pfnZvNgCQxE1+PrZ8kmFvmWJmoxuVx44QUPo+dgpBFoekA"
    "mAKrYRgYzwRMcAMxWhyO8AHlZgOcNeHPIwElEPgceQLJloGAA8keHNUoQ3eL4gVNjXEjft"
    "8kmWmOmziiBHcZAjPevfXRTloqjjcinzJhnWCqOGFWHUsCKMGj4XRnkUSeBGkFumBDx9H5"
    "a4+Hm9glnkmHp884L4vuK/v/7t7Oz8/OXZi/PLV8OLly+Hr168ErLqG69fellhuzfvf3n/"
    "qeDlyIa8AYzxrO67YKj0wq086Bi15m/mTbNul3eEIjwNP6CVss578VNg6NkCrgIremRWKX"
    "OTRDOFy3SGNXuj+O3iFyNFDp/cvr27v31/Lfp7HQ8e+XgLjunb+C49QjsfguLwUYy5E0rm"
    "m+H0Udzo+CZOF+V0PcpJ3j9LlGO8muVRDjKEno1ybkIEnhBl4qMKPtJQ5C/pgswgXtFRSz"
    "Z8JuASEQnkwBOyD3KVhuIn5AP5PokAZD262foTvoRfwjFZhiM8l4tLY3E/pIKkBfZ4JGYr"
    "+Rj5OQmqREgEReREAhlVJUrioy9jK8IQwKGS5+grl8JLFAQ115s+JzGlHrwz3jAKOQ5OhL"
    "iItoJoalxUbRSJm1Bxz98bBVtV3qTVmWnpRR423NqjD1keWzUnjx1pvBvSmGHtGtZ/F1IV"
    "F1S1DqriEawR7KmKg719LAufWlAJppYDf0PwHyysWvlCranTi4F/38u1HHPbRFuOeKrg4G"
    "4L92gi/F9k8TDvCOXPIG/oOgPUMkDB8ZFi1R6Pjhhqk5lavhfm6BS1L5Ft+a4UVHthmw6+"
    "KtF8DmmzCTtT6cNS2L7nD/FcSkYCwUefLMMmwK9rupeitQFmfN5oP2FeywHfGnhJEzYHPt"
    "FywLdxWeG00Z7BRN6B3QJsGAnQaCO8DRUHeZuBRS1KNEE803CAtwA8Wz5qAnpeywHfAniG"
    "SBPEtbiDugXUE0pCLrxtzhFtgnlRz4HfAny1g4LNWjD5Rc1WbH7HQtTDkPmx470k1LeM8u"
    "XL6HmtPi2mnJ1evLx4dX55kcKetlShvY6sREdAFoWWvl0KbF7J4WrBlSLoi+eN5jiMuM03"
    "KQXXoukQtiCsdxyNZpDNmjDsRb1eTIp5pv3yogbRfnlRyrPrSzaaXVyqJHHT3VBNOnym4n"
    "q6dSxRADXcRGZq9QnWPbse+V2BdQeZvFYPh5jupCUYqYAbZib0L+F1UEhOyHfLDfITxLiC"
    "KfL4iJLlhvvKb/WtegR7kfHeAkr3cNpXgJgw/ubpCXfxXfoKkvimbAso/Vvfpq8wyZSgDS"
    "GqmQx0lPC4bKADZgOlE50lHcicBMvzgagpVavsge8L54oByHW9ATOZxiNR4Mu0nAmJQvnH"
    "RDhMr2XpAcxAgJ+Q1FFF3RjQmUjiir3owY6eYy15oGUS35qwOEmqWPrg84n+VlLK0Nl/mo"
    "72xKreB5elkxlyzQblBLuh0qcQd2vMgfEG1I5cM5Uehq1nL2ptQpVipaFretEWvKqLlQxZ"
    "fviqP9oUhr0edfc9DDwV/IGRZLshf9C/dPtBgT/I98Ecf3B9dXd99fe3VfTBLp0rGR9b/C"
    "odNpe7VFwL1CjAK0R12rOGYQAe0YILh4ZhP85bTtwXRuK857hErs5+nuCAS0JWVn+ypVfv"
    "5AmbeVBJNoJznzoxijn3ab/uk0veMR2nen5TldtU5TW1KW9cnbXjShzvNF3H+bHOj+2aIY"
    "7fj02WMWzHSWQrHBUnShhCNXzaWbzZKDvpQSa3JBVLRT9ZxUVLmSxaCj1KGDO9UJYvA2Rz"
    "abf7gLRgkOjAM0LToqrYj71hRTuqDAawpISLnyzhBUvh+SIwNpRylYiklv6eW/CZ0zKszk"
    "nunJN8yLMqDj1HHbbyrQtUdhmoBOgJWVJISwFN5R2aFjQfxe9oNExo+R6OE2f1or6KoK8i"
    "5qseJ/SMvG6I8ojPUHHlAJpnumj4WhbJWNfuxfvQvcA7dmObvBeZhjNJyxTT5qDntdx41B"
    "z3B+KvWlUnWVN03b4t/E1rk+SUHOxtYW9amSSn5GBvAbtLhNxNMOUKYuy5Iy8oaQR3Iu/A"
    "bgG2Z91IXQ52Iu/AbgG2W3F0K45dM8TxrzimKUGWJUczXah8zfEPU6rGomMiny0KwpAtEX"
    "0Nxnr5Ml3YS5h/uQ6ozkqMr+t1PRJxtTFOLhLqgz4Ky4+7fJRbJjzmcW3glgndMmHXjbHt"
    "/YzZ5pCakBoaPapetb38GkfFOyr+e8DddPHqom7quM6+AegtF2Qt6s4MO1qRlTFFq6Uqi6"
    "ozUptS1zGOTZerCmoO+vbQN12yKqg56N2iVWf8erdoteeO7Kh9R+13zRDHT+2rUlYWWj8p"
    "cVVO6QeJRA06X8q+BmMO6RTxlE5Pqv/EuTdxsR8SKgKdRJQNDAI+x74LSdmlfAZwaGP0d/"
    "y0GqR+ut27jNx3rH43WX23rT/h9U/rbOs/Ld/Wf1q+rf/0mW39jtd3vH7nARU/05ZPVR7M"
    "pgq9GCz27f1HtBHYWtzx+C7OOhKnxKwGLf3WhtXkc0o76vZ79Qc7WkreRb3bjXrXO/4WoK"
    "1fpb9bnb4usLmXvXGJ/l3SCWbNZwurUCgJXU4uLAqCz3IM72SVDoqeMJMx+5hh0UFEIE/A"
    "OAo5DsYDEdRjs3hwXFZYFfcYyz9H8s9YQ32M1dbphV0+yMIsrG0KzJ/PEBAPCsSEVFaJz2"
    "wrni9naKvr6RcyPqov5DYedpSi0NZt4BpkGr2IPAqewbCOZzAs9wyG5Z7BsJqmcKX/UisM"
    "a5X+G1aU/htWlP4bPlf6Tw3CzQalVMUFKq0DlXiiaAR7quJgbw17Nmc3gj6n5uDfDP4WXT"
    "+v5wzQ2gAHPm3ZGUG2uDMPu0BUHQ9v29dAzXRCedPXwVBx74I7/7MT3GKt8z8t407XGPEu"
    "8rYVhLgdWzlAbAHYO32bnnZZYxjtFBl+PYOhmorWeHB9ZVBFgXuZzLPs939lZWuY0dKcRJ"
    "5wcwcAhj6YkeXPRoVsgMWfICYFB4BQ8UECuM50b+um1v1yyV1rHNFnJbwdO91Jdtpt3XK1"
    "hvtZa/hgAW/HtiN1Jt7d+0JYtw1xuHWwAxIPXTPJ90I8dA33roxJBa+2/rtQdId75AcdNk"
    "stAXYLUfStcasjM0XdSLrQDbuUqPYrgvlAz2wfVAXSs0Ti2TD6JkSAysBWJoCFaIkYT8Pf"
    "OOyVF2SpDMbj06T0qapUPOIn8JF4j/LAKEzF5YcVQE+IrsCSisFWZpkJ9DkKLae67u+xz2"
    "8waxRXbxxU13l1uhBVbxjLlcfL5cNTndnCTRUbOU5zMke2sghV0Gc6DvjWwMdDWTPgMx0H"
    "/GbO0WHm79R7sszhpmdVPo+bo16dpHOPzOeYix4BYirdmAzlt5s/IDoA8fs8AMsZkf9gbw"
    "bE9PkQT7vL2QrgiZx9V4BB7ANGbPnmu3vQBvN1/Nxm71im05+p+8CEeDfnmL7awaBrPd6w"
    "6mai0AvafN9Jo3Ioa0JAJfK9ALtAP9VZozgvX6M4L1+jOH9mjWKOGINTCyde3u0NlT4wgf"
    "vo9w0cKuMUEOUZWOqFvdGK7z7cogCWLISubRs4sjekjH/6tkuP8/18QSi/jawuZ3ax0ufE"
    "SmxEo5pep6JyolCfSR5rZwcLqIp67DUYT3CY7ENOjjiXX17WJgoV2SPvsYRCI+LiXpMSzm"
    "hHD9oyS+R2X+zL2WQkorZEqPLhP9PoxUy8b7fHeZl7hVsMYJS3yPvI6zn+qHVUZUwnzSxQ"
    "UHSL/W0tEM/s6+BXnSeXaLgxZ/se/k4dWB8Jv46j0Ft9QCurF5uXqHZlM9mRPo6oDosqRL"
    "WTqeauAYDAx1O5Eilal3IxUrqPkMklSO1/JpymWqico/i0LBtxutV7b9lrLecutpmwc1in"
    "NcdbXF7U4C0uL0p5C33JxluISxbeotyPFbPFFNEFxTbmtNwwBbVeDHcHtlFmE5+ElsiifN"
    "pJ5HthhX07uh5FsI2jm9dzqwdHuE56Tx6RlbGKL1RO8TwVqTGxK2G5X0jSQDPIZsmplvK4"
    "DXn4JeaIjcEPYpJmP6pZdxxvoBaNAZ5jnlbSZoCSQNyDiN9nm+Z3+CQ36R/ZXtnySV/9v2"
    "aRciolkXcTTIsJRr5GTbp/It8LsDuTUyTHwiZWSOR7Nwwd0K9Vk08TxzZVcOulzccdPa83"
    "wdtQcYj3LZT4HhhbDeSD5cDwcu8mr9WLaXffPR99XWAxGTTu+Xk9t1TRtuNT9CQCv+YjT1"
    "7P4d8W/wAyPopYCwsUNZ0NjpBIukNiDuEnFiZJXxlUUUksk6nBJVEY+mQOnmAQoThDDQYB"
    "WFDiIcaQPGctrooug/8HyBBgM0jRazBWGuqIthn6Cn3k4TkMbBzSDp6wyeZ6K1dRHrhtl6"
    "voUOA2rFf3uaLsc0XV52b8kTJ0E6OkCr3wrg4aUHdkyLtCFHsz25Cnr1QOeTCTeW7IK7dK"
    "1zJsj2Tj5M4SbJ8QtefXXov5oTQ3oSS5tg8jw9mwTqUYIVVOeMprhX2Q4qVqgLAW7yG6p7"
    "UOQjitOAhBXSvu+VK5hBbS7O7mU9mmr1SlgLKPPQ7+BwLMjpHCqQBXglHNIRTpgsIEJ29w"
    "8N1f3/4PHMR1Fw=="
)

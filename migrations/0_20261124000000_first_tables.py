"""First tables."""

from tortoise import BaseDBAsyncClient

UPGRADE = {
    "sqlite": """
CREATE TABLE IF NOT EXISTS "site" (
    "id" VARCHAR(36) NOT NULL PRIMARY KEY,
    "key" VARCHAR(100) NOT NULL UNIQUE,
    "name" TEXT NOT NULL,
    "url" TEXT,
    "default_locale" VARCHAR(35) NOT NULL,
    "locales" TEXT NOT NULL
) /* A site with its languages; `locales` lists every locale it has content in, the default first. */;
CREATE TABLE IF NOT EXISTS "article" (
    "id" VARCHAR(36) NOT NULL PRIMARY KEY,
    "key" VARCHAR(500),
    "created_at" BIGINT NOT NULL,
    "site_id" VARCHAR(36) NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_article_site_id_f6c3cf" UNIQUE ("site_id", "key")
) /* An article of a site; `key` is the name by which its source knows it, if it was imported. */;
CREATE TABLE IF NOT EXISTS "edition" (
    "id" BIGINT NOT NULL PRIMARY KEY,
    "locale" VARCHAR(35) NOT NULL,
    "since" BIGINT NOT NULL,
    "until" BIGINT NOT NULL,
    "saved_at" BIGINT NOT NULL,
    "saved_by" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "title_folded" TEXT NOT NULL,
    "slug" VARCHAR(500) NOT NULL,
    "slug_folded" TEXT NOT NULL,
    "summary" TEXT,
    "intro_markdown" TEXT NOT NULL,
    "intro_html" TEXT NOT NULL,
    "intro_text" TEXT NOT NULL,
    "tags" TEXT NOT NULL,
    "authors" TEXT NOT NULL,
    "images" TEXT NOT NULL,
    "seo" TEXT NOT NULL,
    "front_matter" TEXT NOT NULL,
    "published_at" BIGINT,
    "intro_words" INT NOT NULL,
    "word_count" INT NOT NULL,
    "reading_minutes" INT NOT NULL,
    "content_hash" VARCHAR(64) NOT NULL,
    "renderer" INT NOT NULL,
    "rendered" BIGINT NOT NULL,
    "article_id" VARCHAR(36) NOT NULL REFERENCES "article" ("id") ON DELETE RESTRICT
) /* One version of an article's content, with everything that can be derived from it. */;
CREATE INDEX IF NOT EXISTS "idx_edition_article_807df3" ON "edition" ("article_id", "locale", "until");
CREATE INDEX IF NOT EXISTS "idx_edition_rendere_e6fa00" ON "edition" ("renderer");
CREATE TABLE IF NOT EXISTS "redirect" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "position" INT NOT NULL,
    "address" VARCHAR(2000) NOT NULL,
    "edition_id" BIGINT NOT NULL REFERENCES "edition" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_redirect_edition_19eb56" UNIQUE ("edition_id", "position")
) /* An address at which the article could be found before; it is live while its edition is. */;
CREATE INDEX IF NOT EXISTS "idx_redirect_address_e5f03e" ON "redirect" ("address", "edition_id");
CREATE TABLE IF NOT EXISTS "tag" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "position" INT NOT NULL,
    "slug" VARCHAR(200) NOT NULL,
    "name" TEXT NOT NULL,
    "edition_id" BIGINT NOT NULL REFERENCES "edition" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_tag_edition_8de794" UNIQUE ("edition_id", "position")
) /* A tag of an edition, kept beside the edition so that lists can be filtered by it. */;
CREATE INDEX IF NOT EXISTS "idx_tag_slug_1b4ff0" ON "tag" ("slug", "edition_id");
CREATE TABLE IF NOT EXISTS "section" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "key" VARCHAR(36) NOT NULL,
    "position" INT NOT NULL,
    "level" INT NOT NULL,
    "kind" VARCHAR(20) NOT NULL,
    "heading" TEXT,
    "heading_folded" TEXT NOT NULL,
    "anchor" TEXT NOT NULL,
    "body_markdown" TEXT NOT NULL,
    "body_html" TEXT NOT NULL,
    "body_text" TEXT NOT NULL,
    "word_count" INT NOT NULL,
    "images" TEXT NOT NULL,
    "pros" TEXT NOT NULL,
    "cons" TEXT NOT NULL,
    "edition_id" BIGINT NOT NULL REFERENCES "edition" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_section_edition_5dcf02" UNIQUE ("edition_id", "position")
) /* A heading with its text; `key` stays the same across the editions of an article. */;
CREATE INDEX IF NOT EXISTS "idx_section_key_33dce0" ON "section" ("key");
CREATE TABLE IF NOT EXISTS "question" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "key" VARCHAR(36) NOT NULL,
    "position" INT NOT NULL,
    "section" INT,
    "anchor" TEXT NOT NULL,
    "question" TEXT NOT NULL,
    "question_folded" TEXT NOT NULL,
    "answer_markdown" TEXT NOT NULL,
    "answer_html" TEXT NOT NULL,
    "answer_text" TEXT NOT NULL,
    "word_count" INT NOT NULL,
    "images" TEXT NOT NULL,
    "edition_id" BIGINT NOT NULL REFERENCES "edition" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_question_edition_6bddde" UNIQUE ("edition_id", "position")
) /* A question with its answer; `section` is the position of its section, null outside of all. */;
CREATE INDEX IF NOT EXISTS "idx_question_key_d2d9d3" ON "question" ("key");
CREATE TABLE IF NOT EXISTS "link" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "kind" VARCHAR(10) NOT NULL,
    "position" INT NOT NULL,
    "section" INT,
    "label" TEXT NOT NULL,
    "url" TEXT,
    "edition_id" BIGINT NOT NULL REFERENCES "edition" ("id") ON DELETE CASCADE,
    "target_id" VARCHAR(36) REFERENCES "article" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_link_edition_bc71d8" UNIQUE ("edition_id", "kind", "position")
) /* A link; `target` is the article where it is one of ours, `section` the position it stands in. */;
CREATE INDEX IF NOT EXISTS "idx_link_target__7cce50" ON "link" ("target_id");
CREATE TABLE IF NOT EXISTS "publication" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "locale" VARCHAR(35) NOT NULL,
    "slug" VARCHAR(500) NOT NULL,
    "since" BIGINT NOT NULL,
    "until" BIGINT NOT NULL,
    "live_from" BIGINT NOT NULL,
    "live_until" BIGINT NOT NULL,
    "published_at" BIGINT NOT NULL,
    "article_id" VARCHAR(36) NOT NULL REFERENCES "article" ("id") ON DELETE RESTRICT,
    "edition_id" BIGINT NOT NULL REFERENCES "edition" ("id") ON DELETE RESTRICT,
    "site_id" VARCHAR(36) NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT
) /* From revision `since` to `until`, this edition is live from `live_from` to `live_until`. */;
CREATE INDEX IF NOT EXISTS "idx_publication_edition_f8f86c" ON "publication" ("edition_id");
CREATE INDEX IF NOT EXISTS "idx_publication_article_68980a" ON "publication" ("article_id", "locale");
CREATE INDEX IF NOT EXISTS "idx_publication_slug_4f5ed7" ON "publication" ("slug", "locale");
CREATE INDEX IF NOT EXISTS "idx_publication_until_a73aa0" ON "publication" ("until", "published_at");
CREATE TABLE IF NOT EXISTS "head" (
    "id" INT NOT NULL PRIMARY KEY,
    "revision" BIGINT NOT NULL,
    "moment" BIGINT NOT NULL
) /* One row: the newest revision. Locked first by every write of content. */;
CREATE TABLE IF NOT EXISTS "revision" (
    "number" BIGINT NOT NULL PRIMARY KEY,
    "moment" BIGINT NOT NULL,
    "actor" TEXT NOT NULL,
    "verb" VARCHAR(30) NOT NULL,
    "message" TEXT
) /* A committed change of content: number, moment, who, which verb, and why if they said so. */;
CREATE INDEX IF NOT EXISTS "idx_revision_moment_425168" ON "revision" ("moment");
CREATE TABLE IF NOT EXISTS "change" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "position" INT NOT NULL,
    "kind" VARCHAR(20) NOT NULL,
    "article_id" VARCHAR(36) NOT NULL,
    "locale" VARCHAR(35) NOT NULL,
    "edition_id" BIGINT,
    "revision_id" BIGINT NOT NULL REFERENCES "revision" ("number") ON DELETE CASCADE,
    CONSTRAINT "uid_change_revisio_7d1bb8" UNIQUE ("revision_id", "position")
) /* An article and locale that a revision touched, and how. */;
CREATE INDEX IF NOT EXISTS "idx_change_article_772255" ON "change" ("article_id", "locale");
CREATE TABLE IF NOT EXISTS "import_run" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "source" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "started_at" BIGINT NOT NULL,
    "finished_at" BIGINT,
    "counts" TEXT NOT NULL
) /* One run of an import with its counts; `finished_at` stays null when the run was cut off. */;
CREATE TABLE IF NOT EXISTS "aerich" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "version" VARCHAR(255) NOT NULL,
    "app" VARCHAR(100) NOT NULL,
    "content" JSON NOT NULL
);
INSERT INTO "head" ("id", "revision", "moment") VALUES (1, 0, 0);
""",
    "postgres": """
CREATE TABLE IF NOT EXISTS "site" (
    "id" VARCHAR(36) COLLATE "C" NOT NULL PRIMARY KEY,
    "key" VARCHAR(100) COLLATE "C" NOT NULL UNIQUE,
    "name" TEXT NOT NULL,
    "url" TEXT,
    "default_locale" VARCHAR(35) COLLATE "C" NOT NULL,
    "locales" TEXT NOT NULL
);
COMMENT ON TABLE "site" IS 'A site with its languages; `locales` lists every locale it has content in, the default first.';
CREATE TABLE IF NOT EXISTS "article" (
    "id" VARCHAR(36) COLLATE "C" NOT NULL PRIMARY KEY,
    "key" VARCHAR(500) COLLATE "C",
    "created_at" BIGINT NOT NULL,
    "site_id" VARCHAR(36) COLLATE "C" NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_article_site_id_f6c3cf" UNIQUE ("site_id", "key")
);
COMMENT ON TABLE "article" IS 'An article of a site; `key` is the name by which its source knows it, if it was imported.';
CREATE TABLE IF NOT EXISTS "edition" (
    "id" BIGINT NOT NULL PRIMARY KEY,
    "locale" VARCHAR(35) COLLATE "C" NOT NULL,
    "since" BIGINT NOT NULL,
    "until" BIGINT NOT NULL,
    "saved_at" BIGINT NOT NULL,
    "saved_by" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "title_folded" TEXT COLLATE "C" NOT NULL,
    "slug" VARCHAR(500) COLLATE "C" NOT NULL,
    "slug_folded" TEXT COLLATE "C" NOT NULL,
    "summary" TEXT,
    "intro_markdown" TEXT NOT NULL,
    "intro_html" TEXT NOT NULL,
    "intro_text" TEXT NOT NULL,
    "tags" TEXT NOT NULL,
    "authors" TEXT NOT NULL,
    "images" TEXT NOT NULL,
    "seo" TEXT NOT NULL,
    "front_matter" TEXT NOT NULL,
    "published_at" BIGINT,
    "intro_words" INT NOT NULL,
    "word_count" INT NOT NULL,
    "reading_minutes" INT NOT NULL,
    "content_hash" VARCHAR(64) COLLATE "C" NOT NULL,
    "renderer" INT NOT NULL,
    "rendered" BIGINT NOT NULL,
    "article_id" VARCHAR(36) COLLATE "C" NOT NULL REFERENCES "article" ("id") ON DELETE RESTRICT
);
CREATE INDEX IF NOT EXISTS "idx_edition_article_807df3" ON "edition" ("article_id", "locale", "until");
CREATE INDEX IF NOT EXISTS "idx_edition_rendere_e6fa00" ON "edition" ("renderer");
COMMENT ON TABLE "edition" IS 'One version of an article''s content, with everything that can be derived from it.';
CREATE TABLE IF NOT EXISTS "redirect" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "position" INT NOT NULL,
    "address" VARCHAR(2000) COLLATE "C" NOT NULL,
    "edition_id" BIGINT NOT NULL REFERENCES "edition" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_redirect_edition_19eb56" UNIQUE ("edition_id", "position")
);
CREATE INDEX IF NOT EXISTS "idx_redirect_address_e5f03e" ON "redirect" ("address", "edition_id");
COMMENT ON TABLE "redirect" IS 'An address at which the article could be found before; it is live while its edition is.';
CREATE TABLE IF NOT EXISTS "tag" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "position" INT NOT NULL,
    "slug" VARCHAR(200) COLLATE "C" NOT NULL,
    "name" TEXT COLLATE "C" NOT NULL,
    "edition_id" BIGINT NOT NULL REFERENCES "edition" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_tag_edition_8de794" UNIQUE ("edition_id", "position")
);
CREATE INDEX IF NOT EXISTS "idx_tag_slug_1b4ff0" ON "tag" ("slug", "edition_id");
COMMENT ON TABLE "tag" IS 'A tag of an edition, kept beside the edition so that lists can be filtered by it.';
CREATE TABLE IF NOT EXISTS "section" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "key" VARCHAR(36) COLLATE "C" NOT NULL,
    "position" INT NOT NULL,
    "level" INT NOT NULL,
    "kind" VARCHAR(20) COLLATE "C" NOT NULL,
    "heading" TEXT,
    "heading_folded" TEXT COLLATE "C" NOT NULL,
    "anchor" TEXT NOT NULL,
    "body_markdown" TEXT NOT NULL,
    "body_html" TEXT NOT NULL,
    "body_text" TEXT NOT NULL,
    "word_count" INT NOT NULL,
    "images" TEXT NOT NULL,
    "pros" TEXT NOT NULL,
    "cons" TEXT NOT NULL,
    "edition_id" BIGINT NOT NULL REFERENCES "edition" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_section_edition_5dcf02" UNIQUE ("edition_id", "position")
);
CREATE INDEX IF NOT EXISTS "idx_section_key_33dce0" ON "section" ("key");
COMMENT ON TABLE "section" IS 'A heading with its text; `key` stays the same across the editions of an article.';
CREATE TABLE IF NOT EXISTS "question" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "key" VARCHAR(36) COLLATE "C" NOT NULL,
    "position" INT NOT NULL,
    "section" INT,
    "anchor" TEXT NOT NULL,
    "question" TEXT NOT NULL,
    "question_folded" TEXT COLLATE "C" NOT NULL,
    "answer_markdown" TEXT NOT NULL,
    "answer_html" TEXT NOT NULL,
    "answer_text" TEXT NOT NULL,
    "word_count" INT NOT NULL,
    "images" TEXT NOT NULL,
    "edition_id" BIGINT NOT NULL REFERENCES "edition" ("id") ON DELETE CASCADE,
    CONSTRAINT "uid_question_edition_6bddde" UNIQUE ("edition_id", "position")
);
CREATE INDEX IF NOT EXISTS "idx_question_key_d2d9d3" ON "question" ("key");
COMMENT ON TABLE "question" IS 'A question with its answer; `section` is the position of its section, null outside of all.';
CREATE TABLE IF NOT EXISTS "link" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "kind" VARCHAR(10) COLLATE "C" NOT NULL,
    "position" INT NOT NULL,
    "section" INT,
    "label" TEXT NOT NULL,
    "url" TEXT,
    "edition_id" BIGINT NOT NULL REFERENCES "edition" ("id") ON DELETE CASCADE,
    "target_id" VARCHAR(36) COLLATE "C" REFERENCES "article" ("id") ON DELETE RESTRICT,
    CONSTRAINT "uid_link_edition_bc71d8" UNIQUE ("edition_id", "kind", "position")
);
CREATE INDEX IF NOT EXISTS "idx_link_target__7cce50" ON "link" ("target_id");
COMMENT ON TABLE "link" IS 'A link; `target` is the article where it is one of ours, `section` the position it stands in.';
CREATE TABLE IF NOT EXISTS "publication" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "locale" VARCHAR(35) COLLATE "C" NOT NULL,
    "slug" VARCHAR(500) COLLATE "C" NOT NULL,
    "since" BIGINT NOT NULL,
    "until" BIGINT NOT NULL,
    "live_from" BIGINT NOT NULL,
    "live_until" BIGINT NOT NULL,
    "published_at" BIGINT NOT NULL,
    "article_id" VARCHAR(36) COLLATE "C" NOT NULL REFERENCES "article" ("id") ON DELETE RESTRICT,
    "edition_id" BIGINT NOT NULL REFERENCES "edition" ("id") ON DELETE RESTRICT,
    "site_id" VARCHAR(36) COLLATE "C" NOT NULL REFERENCES "site" ("id") ON DELETE RESTRICT
);
CREATE INDEX IF NOT EXISTS "idx_publication_edition_f8f86c" ON "publication" ("edition_id");
CREATE INDEX IF NOT EXISTS "idx_publication_article_68980a" ON "publication" ("article_id", "locale");
CREATE INDEX IF NOT EXISTS "idx_publication_slug_4f5ed7" ON "publication" ("slug", "locale");
CREATE INDEX IF NOT EXISTS "idx_publication_until_a73aa0" ON "publication" ("until", "published_at");
COMMENT ON TABLE "publication" IS 'From revision `since` to `until`, this edition is live from `live_from` to `live_until`.';
CREATE TABLE IF NOT EXISTS "head" (
    "id" INT NOT NULL PRIMARY KEY,
    "revision" BIGINT NOT NULL,
    "moment" BIGINT NOT NULL
);
COMMENT ON TABLE "head" IS 'One row: the newest revision. Locked first by every write of content.';
CREATE TABLE IF NOT EXISTS "revision" (
    "number" BIGINT NOT NULL PRIMARY KEY,
    "moment" BIGINT NOT NULL,
    "actor" TEXT NOT NULL,
    "verb" VARCHAR(30) COLLATE "C" NOT NULL,
    "message" TEXT
);
CREATE INDEX IF NOT EXISTS "idx_revision_moment_425168" ON "revision" ("moment");
COMMENT ON TABLE "revision" IS 'A committed change of content: number, moment, who, which verb, and why if they said so.';
CREATE TABLE IF NOT EXISTS "change" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "position" INT NOT NULL,
    "kind" VARCHAR(20) COLLATE "C" NOT NULL,
    "article_id" VARCHAR(36) COLLATE "C" NOT NULL,
    "locale" VARCHAR(35) COLLATE "C" NOT NULL,
    "edition_id" BIGINT,
    "revision_id" BIGINT NOT NULL REFERENCES "revision" ("number") ON DELETE CASCADE,
    CONSTRAINT "uid_change_revisio_7d1bb8" UNIQUE ("revision_id", "position")
);
CREATE INDEX IF NOT EXISTS "idx_change_article_772255" ON "change" ("article_id", "locale");
COMMENT ON TABLE "change" IS 'An article and locale that a revision touched, and how.';
CREATE TABLE IF NOT EXISTS "import_run" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "source" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "started_at" BIGINT NOT NULL,
    "finished_at" BIGINT,
    "counts" TEXT NOT NULL
);
COMMENT ON TABLE "import_run" IS 'One run of an import with its counts; `finished_at` stays null when the run was cut off.';
CREATE TABLE IF NOT EXISTS "aerich" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "version" VARCHAR(255) NOT NULL,
    "app" VARCHAR(100) NOT NULL,
    "content" JSONB NOT NULL
);
INSERT INTO "head" ("id", "revision", "moment") VALUES (1, 0, 0);
""",
}


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Return the statements for this connection's dialect."""
    return UPGRADE[db.capabilities.dialect]


async def downgrade(db: BaseDBAsyncClient) -> str:
    """Refuse: going back is done by restoring a backup."""
    raise RuntimeError("Migrations go forward only. To go back, restore a backup made before.")


MODELS_STATE = (
    "eJztXW1z27gR/isYfel1Rs3EL7LTyyfHde58cePW9nRuJpeRKRKSMKYIBQCtaK757wVIkA"
    "QpgCKpN4rFl8QCdwnyWRDYfYAF/uzNsAd9+uYRMdj7GfzZC5yZ+CNX3gc9Zz7PSkUBc0Z+"
    "JEgTiRFlxHEZLxs7PoW8yIPUJWjOEA6E5BUQsmCB2BQgRoHvBJPQmUD6Hjz72HV8SJ+Bjy"
    "i/BF8hWYK4kMuCqUOBiwMGAwZQ0AdsCoEHx07oMzBGhLI34hE87PJnQMFkL7WFAfoWwiHD"
    "E8gFCK/zy1dejAIPfoc0+Tl/GY4R9L0cuMgTN4jKh2w5j8quObQfI0nxJqOhi/1wFmTS8y"
    "Wb4iAV5y8qSicwgMRh0FNgD0Lfl9ZJiuJn5QWMhDB9SC8rkK/HC4R2/ARZWW84/Hz/NHy8"
    "eRoOeyuGTTQU9GURB1E0ChQwGr3/zPk+9GEwYVP+8+ziR1xPhkMsJSr8z9XD9a9XDz+dXf"
    "xVVIh5y4qb22d55TS5NMeUTUikqmqB6/u7u6unG/BH7/qPXu9HVJfDnLi2yDyZPV7gso5B"
    "pHjnLHLy9m0Fk3Apo02SazqjiGsaq2RWiP5fMcMT/M70Zkjkt2OHpCAzRNaN7cESJcA/3f"
    "z+JO48o/Sbr+L90z+vfo/gni3llbv7z78k4op9ru/uPxTADolfB2sp3ghq2aD/X5GWLzCM"
    "x5c6/cyqZieaemEYGFQZBgbmYWBgHgYG5R2OdANWTfIbxYHeJIpKJ2yxj49BuEHjF2XgFQ"
    "Ujx31ZOMQb5q5ktnEIQ67WOB+k5sdPD9B3ohdetYZ0X6/iuxyvYbJS2ZHmGvA8HPnIjTDY"
    "EKh/ZXfqEliipeFTbGp7q5dmp7NiiRPwqMGTdYuaCm1LEzUpzc4cODmK0PrYKQBSHuAxcK"
    "LYhgcy3BN9BohGEYp4BjBagsUUuXHIQ3FIXAheArygvKAP0FiENwse3qDZHBNuX03ctMua"
    "NDHTlyiCHMZBjvCsv9ooykZRx+VS5k0yqBRGDUrCqEFJGDVYF0a5BArghg7TDAlochsYXP"
    "y8XsEsok89vnGBPy//729/Pz09O7s8fXt28W5wfnk5ePf2HZeNnnj10mWJ7T7c/nL7ueDl"
    "iIK8AZT+rOq3oKh0wq08aB+14m/mTbNql4+YQDQJPsFlZJ1b/ipO4OoCrgIremRWMblJvJ"
    "g4i3SEVVsjf3f+xjAih3sPN49PD7fXvL1X8eChh7bgmN7Ed+kQ2vkQFAUvvM8dEzzbDKc7"
    "fqPjGzhtlNP2KCf5/jRRjvJpmqMcqAitjXLuAwheIaH8ZxR8pKHIX9IJmX48oxNN2bAph4"
    "tHJA4DLpcdiVkagl6hB8T3xAOQ1ehmJzWsnwn6kkR7slvNGL0wYMjvcfEvPQK5AuH6X2uF"
    "PGU+ndalaOjLHTbo2aMnZ45w6lO4lrrdDXVLkXTQqn8LqYoNbRqHNnFvVQv2VMXC3jyidF"
    "4bBPSqlgV/Q/BHGm7LPF2q6nSi49/3pClDTDfQmhFPFSzcTeEejrHvQY2H+YgJW4O8omsN"
    "UMkABcdHiJV7PH44qUUpSvlOmKNVBLtAtuG3UlDthG1a+KmEs5lD6g3YmUoXJqT2PX7weg"
    "kecgRfPLwI6gC/qmk/isYGmLJZrVV9eS0LfGPgGYe4PvCJlgW+icvqTGqt3EvkLdgNwHZC"
    "DhqphbeiYiFv0rHMRLJKHcQzDQt4A8ApxHXQluIW6gZQjwkOGHf6GIOkDuZFPQt+A/Cj6X"
    "Q6bUAoFzUbkcoti5QOwynH/t8CE0/Tw5tnc/NaXeL0T0/OL8/fnV2cp7CnJWVoryIr0OGQ"
    "hYGmbRuBzStZXDW4Euh4vL7hDAUh0/klRnA1mhZhDcJy+clw6tBpHaK3qNeJQTFP+F6cV+"
    "B7L86NdK+8pGN7+aVSLjFdlFOnwWcqtqVr+5IIoJprmVStLsG6Z9cjvxCtaieT1+pgF9Oe"
    "NepKXtiGy9S7l/3YL6xUzzfLDRar834FEeiyIcGLDRcZP8hbdQj2IvG6BZSenElXAaLc+J"
    "uvVX+M79JVkPiT0i2g9G95m67CJPJDNoSoYmbIUcJjU0MOmBqSDnSa3BB1EDQnhxBVqlIO"
    "vOdx54oCh8nkc5GOnqSruzj0PZGjMcZhIP4Yc4fpvchDRxT46BUKnWiHLwpkWgq/os+A31"
    "E92vx3KZP41pjGGTPFPPgvPflUQkrR2X+2iPTEyr4HmyySGXLFBmaCXVHpUoi7NeZA+QIq"
    "R66ZSgfD1tO3ldZCCjFj6Jpe1AWv0cVShizffVXvbQrdXoea+x46nhL+QMm43JA/6F7udb"
    "/AH+TbYI4/uL56vL76x00ZfbBL50rExxq/SobNZpeKSYEKu7FyUZkDK2Hogxc4Z9yhociD"
    "kcuTuC8Ux0mw8X6pMhV2jHwmCFmxFZAu13YnNWzmQSWL4q371IpezLpP+3WfbA6J6jhV85"
    "vK3KYyr6nJXrflySN2v9udZo1YP9b6sW0zxPH7sck0hu5sgWyGo+R4AUWogk87jRcbZdv+"
    "ixyLZPtK3k6W8Q6WVOxg6bgEU6p6oTS/J4zOpd1+BZt5tOmOmdaFbZ0Le8hjBQ49ghx2k1"
    "IbRuwyjPDhK9TkGRoBTeUtmho0X/h71OompHwH+4nTajFZSUhWEpGV9xNyXF81hDkeU1Rs"
    "znj9PBQJX8OdFFa1O/E9tC8s5qHVFGuWP5tNk2lYkzT4LkbYWzbaSmFF0cLfFP66GynklC"
    "zsTWGvu41CTsnC3gB2my63G6feZu/vuSHPCa4FdyJvwW4AtqtdbmsGO5G3YDcA285L2Xmp"
    "thni+Oel0sQRzcSUmlRinpn6pkpVmJpK5LOpIyegC0jeg2c5yZUesJYw0GK2KDpeLb7ej1"
    "4C4JBFy6fEVJLv6yapdlmVna465n6tb6er7HRV242x7VVv2RKCipAqGh3a42h7WRiWEt5v"
    "CKC6GlUhV3Us6BuA3nCCSqNuzbCjGSrh2zaaMtGoWiM12R82xrHutElBzULfHPq6UycFNQ"
    "u9nTxpjX9pJ0/23JAtxWwp5rYZ4vgp5mjjHQ29nGzIY6aW/USiAq0sZN+DZ+aQCWQprZvs"
    "VbKYQgLl1iQ4iIhcHBLaV4jgHAvMJUWT8ihAgY5Z3nFtFcjldPmriWS27HI72WW7zDnhl0"
    "+qLHM+MS9zPjEvcz5Zs8zZ8suWX249oPw1dfkl5mA2VehEZ7Fv7z8ktcCW4jblwcZZR+KU"
    "qHvXCr+15t7XOaUdNfu9+oMt3fjaRr3bjXpXG/4WoK2+p3i7Gn1VYHMfe+0NxXdJJ6g71G"
    "pYhcIGtmZyYV4QXMsxfCR4Bgh8RVTE7M8U8QbCA3kMnsOAIf+5z4N6pG51Gm+COhZqz+LP"
    "ofgz1oh+xmqr9MIuK9IwCyuL0/K7yfvYdThiXCrbN0wti24efSjqsVh2cVs76QdpuRrDfq"
    "bRiaiiMOoPqoz6A/OoPzCP+oP1x6fXsUOHNyE79EH2SA711TulVMUGIY2DkHTgqA57NtZY"
    "2JvCnjoI9aDPqVn4N4O/QdPP61kDNDbAgc99tUYQJfb0tTaQUMfDyXY1UFOdUFb3c1BU7L"
    "dgTyJsBW9Y6SRCTb/TNra7jZxsCdmtx1Z0EFsA9lHepqNNVulGW0V0X0+dIBqKVjhueaVf"
    "Rm+7mUylE8Xk0jUn8EDM+MXnUDgZEc1w6HLntx/JTPFCf2JYw/toV7wlKhWOBNNS1paDbi"
    "UHbRdf2d1Tu7l7qg1r2+DK5+g2O9/VkvmuAxIMLVtudxiCoeBMVTdA0Qvr0PB72PSmBNgt"
    "hGgPyq2OzBRVw7RCM2xThtOv0MnHF2p5vyxKmyYSa2O0+wACghc/R5lDAVxAytKQ6g24w+"
    "4L9MAYEV48WgL4CskSLAgPbUX2EQeXwUBzNuHW7rp+XVGtYGzjSKxKw29DKLZhAGAOssyd"
    "S5W+3nb0G421MzyDumz4MugzHQv8ZiPsYQaBdAjWDATq8GweDNSPr0rKq4tnM8R4iwAx2a"
    "f0yeLpZiNI+iBuVn2wmGLxD3KngPfio5h9W0yXAI1F578E1EEeoFiX7bq7ijYYNuJ6631j"
    "mU53RpADk3nt7Oq6ageFanJZzb3nEoVO0Br7TlkTXVkdFimR7wTYBQ6pCr96ZuZXz8z86t"
    "kafnUGKXUmGjrP3OwVFZuqWa3d13ColL3wI89As1vRB6n48dMD9B3DJM7KxOaRfSEmEuPH"
    "Lj3O29kcE/YQal3O7GKpz4kisSEJK3qdEWEQBvL81lg721472s+LvgfPYxQkKyWT42DFw4"
    "udUYKIaxD3WDhcI2T8XmMDM7GjirZMVtiZ4305mxSHRJeqYe7+M41OjMT7dnusl7lXuHkH"
    "RliDlel5PcsfNY6qlOGkngUKinaasqkF4pF9FfyyU5USDdvnbN/D36UDewUJcqc671VeKX"
    "VdnUxmndtqBr9t81ZH4gfubNrqFRL9rBUPDYmRajFMWR1nB1BYzTaosmSHS5nXs4lrBbeO"
    "f1Q1EJbiHUT3pFLm+UlJ5nl0beVYQKblxH97vP9sGsNSlQLKHnIZ+C/wET1GL64EXAFG+W"
    "C25kAEcYODD2Y//ge1OcyL"
)

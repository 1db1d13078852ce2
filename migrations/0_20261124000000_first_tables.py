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
    "own_images" TEXT NOT NULL,
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
CREATE INDEX IF NOT EXISTS "idx_edition_slug_87d267" ON "edition" ("slug", "locale");
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
    "own_anchor" TEXT,
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
    "own_anchor" TEXT,
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
CREATE INDEX IF NOT EXISTS "idx_publication_publish_aaa17c" ON "publication" ("published_at", "article_id");
CREATE TABLE IF NOT EXISTS "head" (
    "id" INT NOT NULL PRIMARY KEY,
    "revision" BIGINT NOT NULL,
    "moment" BIGINT NOT NULL,
    "oldest" BIGINT NOT NULL
) /* One row: the newest revision, and the oldest that can be read. Locked first by every write of content. */;
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
    "article_id" VARCHAR(36),
    "locale" VARCHAR(35),
    "edition_id" BIGINT,
    "site_id" VARCHAR(36),
    "revision_id" BIGINT NOT NULL REFERENCES "revision" ("number") ON DELETE CASCADE,
    CONSTRAINT "uid_change_revisio_7d1bb8" UNIQUE ("revision_id", "position")
) /* What a revision touched, and how: an article in a locale, or a site. */;
CREATE INDEX IF NOT EXISTS "idx_change_article_772255" ON "change" ("article_id", "locale");
CREATE TABLE IF NOT EXISTS "import_run" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "source" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "started_at" BIGINT NOT NULL,
    "finished_at" BIGINT,
    "counts" TEXT NOT NULL
) /* One run of an import with its counts; `finished_at` stays null when the run was cut off. */;
CREATE TABLE IF NOT EXISTS "idempotency_key" (
    "id" VARCHAR(64) NOT NULL PRIMARY KEY,
    "fingerprint" VARCHAR(64) NOT NULL,
    "done" TEXT NOT NULL,
    "created_at" BIGINT NOT NULL
) /* A key of an actor, a digest of what was asked with it, and what came of it. */;
CREATE INDEX IF NOT EXISTS "idx_idempotency_created_98dcfd" ON "idempotency_key" ("created_at");
CREATE TABLE IF NOT EXISTS "token" (
    "id" VARCHAR(36) NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "role" VARCHAR(20) NOT NULL,
    "hash" VARCHAR(64) NOT NULL UNIQUE,
    "sites" TEXT,
    "locales" TEXT,
    "created_at" BIGINT NOT NULL,
    "created_by" TEXT NOT NULL,
    "expires_at" BIGINT,
    "revoked_at" BIGINT,
    "last_used_at" BIGINT
) /* A token by the hash of its text; `sites` (keys) and `locales` limit where its role holds. */;
CREATE TABLE IF NOT EXISTS "secret" (
    "name" VARCHAR(50) NOT NULL PRIMARY KEY,
    "value" VARCHAR(64) NOT NULL
) /* A random value that all processes on this database share; `value` is hexadecimal. */;
CREATE TABLE IF NOT EXISTS "aerich" (
    "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    "version" VARCHAR(255) NOT NULL,
    "app" VARCHAR(100) NOT NULL,
    "content" JSON NOT NULL
);
INSERT INTO "head" ("id", "revision", "moment", "oldest") VALUES (1, 0, 0, 0);
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
    "own_images" TEXT NOT NULL,
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
CREATE INDEX IF NOT EXISTS "idx_edition_slug_87d267" ON "edition" ("slug", "locale");
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
    "own_anchor" TEXT,
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
    "own_anchor" TEXT,
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
CREATE INDEX IF NOT EXISTS "idx_publication_publish_aaa17c" ON "publication" ("published_at", "article_id");
COMMENT ON TABLE "publication" IS 'From revision `since` to `until`, this edition is live from `live_from` to `live_until`.';
CREATE TABLE IF NOT EXISTS "head" (
    "id" INT NOT NULL PRIMARY KEY,
    "revision" BIGINT NOT NULL,
    "moment" BIGINT NOT NULL,
    "oldest" BIGINT NOT NULL
);
COMMENT ON TABLE "head" IS 'One row: the newest revision, and the oldest that can be read. Locked first by every write of content.';
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
    "article_id" VARCHAR(36) COLLATE "C",
    "locale" VARCHAR(35) COLLATE "C",
    "edition_id" BIGINT,
    "site_id" VARCHAR(36) COLLATE "C",
    "revision_id" BIGINT NOT NULL REFERENCES "revision" ("number") ON DELETE CASCADE,
    CONSTRAINT "uid_change_revisio_7d1bb8" UNIQUE ("revision_id", "position")
);
CREATE INDEX IF NOT EXISTS "idx_change_article_772255" ON "change" ("article_id", "locale");
COMMENT ON TABLE "change" IS 'What a revision touched, and how: an article in a locale, or a site.';
CREATE TABLE IF NOT EXISTS "import_run" (
    "id" BIGSERIAL NOT NULL PRIMARY KEY,
    "source" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "started_at" BIGINT NOT NULL,
    "finished_at" BIGINT,
    "counts" TEXT NOT NULL
);
COMMENT ON TABLE "import_run" IS 'One run of an import with its counts; `finished_at` stays null when the run was cut off.';
CREATE TABLE IF NOT EXISTS "idempotency_key" (
    "id" VARCHAR(64) COLLATE "C" NOT NULL PRIMARY KEY,
    "fingerprint" VARCHAR(64) COLLATE "C" NOT NULL,
    "done" TEXT NOT NULL,
    "created_at" BIGINT NOT NULL
);
CREATE INDEX IF NOT EXISTS "idx_idempotency_created_98dcfd" ON "idempotency_key" ("created_at");
COMMENT ON TABLE "idempotency_key" IS 'A key of an actor, a digest of what was asked with it, and what came of it.';
CREATE TABLE IF NOT EXISTS "token" (
    "id" VARCHAR(36) COLLATE "C" NOT NULL PRIMARY KEY,
    "name" TEXT NOT NULL,
    "role" VARCHAR(20) COLLATE "C" NOT NULL,
    "hash" VARCHAR(64) COLLATE "C" NOT NULL UNIQUE,
    "sites" TEXT,
    "locales" TEXT,
    "created_at" BIGINT NOT NULL,
    "created_by" TEXT NOT NULL,
    "expires_at" BIGINT,
    "revoked_at" BIGINT,
    "last_used_at" BIGINT
);
COMMENT ON TABLE "token" IS 'A token by the hash of its text; `sites` (keys) and `locales` limit where its role holds.';
CREATE TABLE IF NOT EXISTS "secret" (
    "name" VARCHAR(50) COLLATE "C" NOT NULL PRIMARY KEY,
    "value" VARCHAR(64) COLLATE "C" NOT NULL
);
COMMENT ON TABLE "secret" IS 'A random value that all processes on this database share; `value` is hexadecimal.';
CREATE TABLE IF NOT EXISTS "aerich" (
    "id" SERIAL NOT NULL PRIMARY KEY,
    "version" VARCHAR(255) NOT NULL,
    "app" VARCHAR(100) NOT NULL,
    "content" JSONB NOT NULL
);
INSERT INTO "head" ("id", "revision", "moment", "oldest") VALUES (1, 0, 0, 0);
""",
}


async def upgrade(db: BaseDBAsyncClient) -> str:
    """Return the statements for this connection's dialect."""
    return UPGRADE[db.capabilities.dialect]


async def downgrade(db: BaseDBAsyncClient) -> str:
    """Refuse: going back is done by restoring a backup."""
    raise RuntimeError("Migrations go forward only. To go back, restore a backup made before.")


MODELS_STATE = (
    "eJztXW1z27gR/isYf+ndjHoTv8hJL58cN7lLk8at7WlvJrmRYBKSMKYIHQBa0Vzz3wuQIA"
    "lSAE1SbxSDL4kF7pLSsyB29wGw+PNkTnwUsJ/uMEcnP4M/T0I4l38U2gfgBC4Weats4PAh"
    "iAVZKvHAOIUeF20TGDAkmnzEPIoXHJNQSl4BKQuWmM8A5gwEMJxGcIrYazAOiAcDxMYgwE"
    "xcQk+IrkDSKGTBDDLgkZCjkAMcDgCfIeCjCYwCDiaYMv6T/Ao+8cR3wOF0L0+LQvxHhEac"
    "TJEQoOKZn38XzTj00VfE0o+Lx9EEo8AvgIt9eYO4fcRXi7jtWkD7LpaUv+Rh5JEgmoe59G"
    "LFZyTMxMUPla1TFCIKOfI12MMoCJR10qbku4oGTiOUfUk/b1A/TzRI7eQb5G0no9Gnm/vR"
    "3dv70ehkzbCphoa+ahIgyk6BQ87i3z+HX0cBCqd8Jj6eX35LnpPjkEjJB/7n6vb616vbH8"
    "4vf5QPJKJnJd3tk7pyll5aEManNFbVtcD1zcePV/dvwZeT6y8nJ9/iZ0EOk6fF5snt8YhW"
    "TQyixHtnkdMXL2qYREhZbZJeMxlFXjNYJbdC/P+aGe7RV242Qyq/HTukDbkh8mFsD5aoAP"
    "7+7W/38s5zxv4IdLx/+OfVbzHc85W68vHm0y+puGaf6483b0pgRzRogrUSbwW16tDfK9Lq"
    "B4wS/9JknFnX7EVXL7mBYR03MLS7gaHdDQyrBxwVBqyb5B+MhGaTaCq9sMU+XgYZBk0eNc"
    "crGx6g97iE1B8VruS2gZRjz2icN0rz3YdbFMD4B69bQ4WvV8ldjtcweasaSAsdeBE9BNiL"
    "MdgQqH/ld+oTWLKnkTNi63vrl+Zn83ILDEXW4KtnyyeV+pYha9K6nT1xgprQ87lTCJQ8IB"
    "MA49xGJDIiEh0DzOIMRX4H8LACyxn2kpSHkYh6CDyGZMlEwwDgiUxvliK9wfMFocK+hrxp"
    "l08y5Eyf4wxylCQ5MrL+3WVRLos6rpCyaJJhrTRqWJFGDSvSqOFzaZRHkQRuBLnBJeDp+9"
    "AS4hf1SmaRY+rx+QXxfcV/f/3b2dn5+cuzF+eXr4YXL18OX714JWTjb7x+6WWF7d68/+X9"
    "p1KUIxuKBtDGs7rvgqbSi7DyoGPUWrxZNM26Xd4RivA0/IBWsXXei58CQ8+UcJVY0SOzii"
    "1MEs0ULjMPq/dG8dvFL0YxOXxy+/bu/vb9tejvdSJ45OMtBKZvk7v0CO1iCorDRzHmTiiZ"
    "b4bTR3Gj43OcLsvpepaTvn+GLEd7Ne1ZDtKEns1ybkIEnhBl4mOcfGSpyF+yCZlBMqMTT9"
    "nwmYBLZCSQA0/IPshZGoqfkA/k+yQSkPXsZutP+BJ+CcdkGY7wXE4ujcX9UJwkLbDHI+Gt"
    "5GPk5zSpEikRFJkTCWRWlSqJj77MrQhDAIexPEdfuRReoiCoOd/0Oc0p1eCd84ZRyHFwIs"
    "RFthVEU+1i3EaRuAkV9/y9UbJVFU0ag5mWUeRh0609xpD23Ko5eexI492Qxgyr0LD+u5Cp"
    "uKSqdVKVjGCNYM9UHOztc1n41IJK0LUc+BuC/2Bg1ewTtbpOLwb+fU/XcsxNjtaOeKbg4G"
    "4L92gi4l9kiDDvCOXPIK/pOgPUMkAp8JFi1RGPyhhqk5lKvhfm6BS1L5Ft+a6UVHthmw6+"
    "KtF8Dmkzh52r9GEqbN/+QzyXkpFA8NEny7AJ8Oua7qVobYAZnzdaT1jUcsC3Bl7ShM2BT7"
    "Uc8G1CVjhttGYwlXdgtwAbRgI02ghvTcVB3mZgiSclmiCeazjAWwCeTx81Ab2o5YBvATxD"
    "pAniStxB3QLqCSUhF9E254g2wbys58BvAX68goLNWjD5Zc1WbH7HUtTDkPlJ4L0k1DeM8v"
    "Zp9KJWnyZTzk4vXl68Or+8yGDPWqrQXkdWoiMgi0JD37YCW1RyuBpwpQj64nmjOQ4jbopN"
    "rOAaNB3CBoTViqPRDLJZE4a9rNcLp1hk2i8vahDtlxdWnl1dMtHs4lIliZuthmrS4XMV19"
    "ONY0kMUMNFZLpWn2Ddc+hRXBVYd5ApavVwiOnOtgRtK+CGOxP6t+F1UNqcUOyWG+xPEOMK"
    "psjjI0qWG64rv1W36hHsZcZ7Cyjdw2lfAWLC+JtvT7hL7tJXkMQ3ZVtA6d/qNn2FSW4J2h"
    "CimpuBjhIetxvogLuBMkdn2A6kO0H7fiCqS9Uqe+D7IrhiAHJVb0DfTOORKPDltpwJiUL5"
    "x0QETK9l6QHMQICfkNSJi7oxoHYiiSvmogc7eo6x5IGSSWNrwpJNUuXSB59P1LeSUprO/r"
    "fpqEis6n1wu3RyQ67ZwE6wayp9SnG3xhxob0DtzDVX6WHaevai1iJUKWZNXbOLpuQ1vljJ"
    "kBWHr/qjTWnY61F338PAU8EfaJtsN+QP+rfdflDiD4p9sMAfXF/dXV/9/W0VfbDL4Ermx4"
    "a4SqXN9pCKK4EaBXiFqNr2rGAYgEe04CKgYdhP9i2n4Qsjyb7npESu2v08wQGXhKys/mTa"
    "Xr2TJ2wWQaW7EVz41IlRzIVP+w2f3OYdPXCqFzdVhU1VUVOb8sbVu3ZcieOdbtdxcayLY7"
    "tmiOOPY9NpDNNxEvkMR8WJEppQjZh2liw2yk96kJtb0oqlop+skqKlTBYthR4ljOlRKCuW"
    "ATKFtNt9QFYwSHTgGaFZUVXsJ9FwTDvGOxjAkhIufrKEFyxF5IvAWFMqVCKSWup7biFmzs"
    "qwuiC5c0HyIc+qOLSPOmzlW5eo7DJRCdATMmwhtQKayTs0DWg+it/RaJhQ8j0cJ87qZX0V"
    "SV9Fzlc9TiiPvG4Ie8anqbhyAM13uij4WhbJWNfuxfvQvcQ7CWObvBe5hjNJyy2mzUEvar"
    "nxqDnuD8RftapOsqboun1b+JvWJikoOdjbwt60MklBycHeAna3EXI3yZQriLHnjrygpBHc"
    "qbwDuwXYnnEhtR3sVN6B3QJsN+PoZhy7Zojjn3HMtgQZphz17UL2Occ/dKkak46pfD4pCE"
    "O2RPQ1GKvpy2xiL2X+5TxgfFZicl3N65GIxwvj5CShOuijNP24y0e5acJjHtcGbprQTRN2"
    "3RjbXs+YLw6pCamm0aPqVdvbX+OoeEfFfw+46yFeXdR1HdfZNwC95YSsQd2ZYUczsjKnaD"
    "VVZVB1RmpT6jrBsel0VUnNQd8e+qZTViU1B72btOpMXO8mrfbckR2176j9rhni+Kn9uJSV"
    "gdZPS1zZKf0glahB50vZ12DMIZ0intHpafWfZO9NUuyHhDGBTiLKBhoBX2DfhaTsUj4DOD"
    "Qx+jt+Wg1SP1vubSP3HavfTVbfLetPef3TOsv6T+3L+k/ty/pPn1nW73h9x+t3HlDxM037"
    "qezJbKbQi8Fi39F/RBuBrcQdj+/yrCMJSvRq0DJubVhNvqC0o26/13iwo6XkXda73ax3ve"
    "NvAdr6Vfq71enrAlt42RuX6N8lnaDXfDawCqWS0HZyYVESfJZjeCerdFD0hJnM2ccMiw4i"
    "EnkCxlHIcTAeiKQe68WDk7LCcXGPsfxzJP9MNOKPido6vbDLBxmYhbVFgcXzGQLiQYGYkM"
    "or8elt5fPlNG23srCbHIQyXwPfn2v0IrUouf5hHdc/tLv+od31D6t5CFfbL7PCsFZtv2FF"
    "bb9hRW2/4XO1/eJRttmglKm4TKR1JhK7pmawZyoO9tawZ1FCM+gLag7+zeBv0fWLes4ArQ"
    "1w4OOUnRFkizvUsAtM1PEQs31N1PQglDd9HTQV9y64Az47QR7WOuDTMO50jfLuIjFbwXib"
    "sZUDxBaAvVO36WmX1YbRTrHd1zMYxq5ojehWVwZVHLeXyzxLb/9Xlq6GOe/MSeSJMHcAYO"
    "iDGVn+rJXABlj8CRJScAAIFR8kgOtU9rZualwQl961xhl8RkbbsdOdZKfd2ixXTLifxYQP"
    "lvB2bL1RZ/LdvU+EddsQh5sHOyDx0DWTfC/EQ9dw78qYVIpq678L5XC4R3HQYbehpcBuIY"
    "u+1W51ZKaom0mXumGXdqL9imAx0dPbB1WJ9CyVeDaNvgkRoDKxlTu8QrREjGfpb5L2yguy"
    "FgbjyXFR6thUKh7xE/hIvEd5IhSm4vLDCqAnRFdgScVgK7eRCfQ5Cg3Htu7vsc+vIGuUV2"
    "+cVNd5dbqQVW+Yy9nzZfvwVMdbOFexUeA0J3NkqntQBX2u44BvDXwylDUDPtdxwG8WHB3G"
    "f2fRk8GH65GV3Y/ro16dXeUemc8xFz0CJFS65gzlt5s/IDoAyfs8AMsZkf9gbwaE+3xI3O"
    "5ytgJ4Ir3vCjCIfcCIaUP57h60gb9OntvsHct1+uO6D0yId9PH9NUOGl3r8YZlNVOFXtDm"
    "+94VKoeyJgRUKt8LsEv0U505inP7HMW5fY7i/Jk5ijliDE4NnLi922sqfWAC99HvGwRU2j"
    "EfcWRgKAj2Rim++3CLAmiZCF1bNnBkb4iNf/q2y4jz/XxBKL+NjCFnfrEy5sSx2IhGNaPO"
    "mMqJQnXoeKKdnxwQl8xjr8F4gsN0HXJ6hrn88rL4UBiTPfIeSyg0Ii7uNbFwRjt60JZZIr"
    "f6Yl/BJiMRNW2Esg//uUYvPPG+wx4XZe4VbjGAUd5i30dRz/FHrbMqzZ00s0BJ0U32t7VA"
    "4tnXwa86MC7VcGPO9iP8nQawPhJxHUeht/qAVsYotihRHcrmsiN13lAdFlWIqiAz9l0DAI"
    "GPp3ImUrQu5WSkDB8hk1OQKv5MOc14onKOkuOwTMTpVu+95ajVzl1sc8POYYPWAm9xeVGD"
    "t7i8sPIW6pKJtxCXDLyFPY4V3mKK6IJiE3NqN0xJrRfD3YFtlNvEJ6Ehs7C7nVS+F1bYd6"
    "DrUQTbBLpFPTd7cITzpPfkERkZq+RCpYvnmUgNxx4Ly/VCkgaaQTZLj62U52nI0y0xR2wM"
    "fhBOmv0Ye91xsoBaNAZ4jnlWKpsBSgJxDyJ+n8nN7/BJzukf2VpZu9OP/1+ziJ1KSeWdg2"
    "nhYORr1KT7p/K9ALsze4rkWNjECql874ahA8a1sfNpEthmCm6+tPm4o/x6E7w1FYd431KJ"
    "74GxVUA+GE4Et0c3Ra1euN1993z0dYGFM2jc84t6bqqibcen6Ekkfs1HnqKew78t/gFkfB"
    "SxFhYoazobHCGRdIeED+EnBiZJXRlUUUksl6nBJVEY+mQOnmAQoWSHGgwCsKDEQ4wheZBa"
    "UvZcJv8PkCHAZpCi12Aca8RnsM3QV+gjD89hYOKQdvCETRbXG7kKe+K2Xa6iQ4nbsF7d54"
    "qyzxVVn5vxR7GhmxglU+hFdHXQhLojQ94VotibmYY8daVyyIO5zHNDnt0qXdtheyQLJ3e2"
    "wfYJUfP+2mvhH6x7Eyyba/swMpwN61SKEVJ2wlNeK62DFC9VA4SVeA/RPa11EMJpxUEI8b"
    "Xymq94L6GBNLu7+WRb9JWplFD2scfB/0CA2TFSOBXgSjCqOYQyXVBycPIGB1/99e3/XgNq"
    "iQ=="
)

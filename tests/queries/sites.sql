SELECT id, key, name, url, default_locale, locales, fallbacks
  FROM site
  ORDER BY key;


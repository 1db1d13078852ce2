SELECT id, key, name, url, default_locale, locales
  FROM site
  ORDER BY key;


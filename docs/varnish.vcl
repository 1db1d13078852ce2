# Varnish (7 or newer) in front of Quiet Engine: stores public answers, and drops them when they change.
#
#   QUIET_SHARED_CACHE_SECONDS=86400 QUIET_PURGE=http://127.0.0.1:6081/ quiet serve
#   varnishd -a :6081 -f /etc/varnish/varnish.vcl

vcl 4.1;

import std;

backend quiet {
    .host = "127.0.0.1";
    .port = "8000";
}

# Who may purge: the machines that Quiet Engine runs on.
acl purgers {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    if (req.method == "PURGE") {
        if (client.ip !~ purgers) {
            return (synth(403, "Purging is not allowed from here"));
        }
        # Keys are small letters and digits, so that they can stand in an expression as they are.
        if (req.http.Surrogate-Key !~ "^[a-z0-9]+( [a-z0-9]+)*$") {
            return (synth(400, "Surrogate-Key names the keys"));
        }
        # Only what the stored answer says is looked at: then Varnish drops answers in the background, too.
        if (!std.ban("obj.http.Surrogate-Key ~ \b(" + regsuball(req.http.Surrogate-Key, " ", "|") + ")\b")) {
            return (synth(500, "Not purged: " + std.ban_error()));
        }
        return (synth(200, "Purged"));
    }
    if (req.url ~ "^/changes") {
        # A stream has no end that could be stored.
        return (pipe);
    }
}

sub vcl_backend_response {
    # What cannot be purged is not stored: answers to errors, and pages.
    if (beresp.http.Cache-Control !~ "s-maxage|immutable") {
        set beresp.uncacheable = true;
        return (deliver);
    }
}

sub vcl_deliver {
    set resp.http.X-Cache = "MISS";
    if (obj.hits > 0) {
        set resp.http.X-Cache = "HIT";
    }
    # The keys are between the service and this cache.
    unset resp.http.Surrogate-Key;
    unset resp.http.Cache-Tag;
}

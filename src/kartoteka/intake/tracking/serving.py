"""What browsers' libraries are told before they send: where to, and that there is nobody else to send to."""

from typing import Any

_HOST = "{host}/v1"


def segment_settings(key: str, *, host: str, secure: bool) -> dict[str, Any]:
    """The settings of analytics.js for a write key, in the shape its own service gives them.

    host: under which we were asked. An unknown key gets them too: its calls are noted for the owner to see.
    """
    protocol = "https" if secure else "http"
    return {
        "integrations": {
            "Segment.io": {
                "apiKey": key[:64],
                "apiHost": _HOST.format(host=host),
                "protocol": protocol,
                "unbundledIntegrations": [],
                "addBundledMetadata": False,
                "maybeBundledConfigIds": {},
                "versionSettings": {"version": "4.4.7", "componentTypes": ["browser"]},
            }
        },
        "plan": {
            "track": {"__default": {"enabled": True, "integrations": {}}},
            "identify": {"__default": {"enabled": True}},
            "group": {"__default": {"enabled": True}},
        },
        "edgeFunction": {},
        "analyticsNextEnabled": True,
        "middlewareSettings": {},
        "enabledMiddleware": {},
        "metrics": {"sampleRate": 0, "host": _HOST.format(host=host)},
        "legacyVideoPluginsEnabled": False,
        "remotePlugins": [],
    }


def rudder_config(key: str, *, host: str, secure: bool) -> dict[str, Any]:
    """The source's configuration as RudderStack's libraries ask for it: no destinations, events to us."""
    address = f"{'https' if secure else 'http'}://{host}"
    return {
        "isHosted": True,
        "source": {
            "id": key[:64],
            "name": "Kartoteka",
            "writeKey": key[:64],
            "enabled": True,
            "workspaceId": "kartoteka",
            "config": {"statsCollection": {"errors": {"enabled": False}, "metrics": {"enabled": False}}},
            "sourceDefinition": {"name": "Javascript", "category": None},
            "destinations": [],
            "connections": [],
            "dataplanes": {"US": [{"url": address, "default": True}]},
        },
        "updatedAt": "2024-01-01T00:00:00.000Z",
    }

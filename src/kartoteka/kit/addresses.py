"""Which addresses of machines are this one."""


def is_this_machine(host: str) -> bool:
    """Whether a database at `host` (several with commas) is reached without a network: a socket's folder, localhost."""
    return all(
        each in {"", "localhost", "::1"} or each.startswith(("/", "@", "127.")) for each in host.split(",")
    )

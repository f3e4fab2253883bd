// Arguments. A name that passes here can stand in a path.

function matches(string $text, string $pattern): bool
{
    return preg_match('/\A(?:' . $pattern . ')\z/', $text) === 1;
}

function take_identity(string $role, string $owner): void
{
    // A pfSense box is a gateway; what it is besides is none of ours.
    if ($role !== 'gateway') {
        refuse('wrong-argument role');
    }
    if (!matches($owner, '[a-z0-9][a-z0-9-]{0,59}')) {
        refuse('wrong-argument owner');
    }
    select_home("$role-$owner");
}

function checked_word(string $text, string $pattern, string $name): string
{
    if (!matches($text, $pattern)) {
        refuse("wrong-argument $name");
    }
    return $text;
}

function take_token(string $text): string
{
    return checked_word($text, '[0-9a-f]{16,64}', 'token');
}

function take_lease(string $text): string
{
    return checked_word($text, '[A-Za-z0-9][A-Za-z0-9-]{0,63}', 'lease');
}

function take_digest(string $text): string
{
    return checked_word($text, '[0-9a-f]{64}', 'digest');
}

function take_seconds(string $text): int
{
    return (int) checked_word($text, '[1-9][0-9]{0,3}', 'seconds');
}

function no_more(array $words, int $least, int $most): void
{
    if (count($words) < $least || count($words) > $most) {
        refuse('wrong-argument count');
    }
}

// Claims: the outside and inside prefixes that an owner owns. Two owners of one role on one device may not share any.

/** "OWNER PREFIX" for the first overlap of these claims with any other owner's, or null. */
function claimed_by_other(array $claims): ?string
{
    $mine = [];
    foreach ($claims as $claim) {
        $mine[claim_bits($claim)] = true;
    }
    $theirs = [];
    foreach (array_diff(each_home(), [id()]) as $other) {
        // What a forgotten owner left is live, too.
        foreach (['release', 'kept'] as $file) {
            $release = is_file(ROOT . "/$other/$file") ? release_of(ROOT . "/$other/$file") : null;
            foreach (is_array($release) ? $release['claims'] : [] as $claim) {
                $theirs[claim_bits($claim)] = $release['owner'] . ' ' . explode(' ', $claim)[1];
            }
        }
    }
    foreach ($mine as $bits => $_) {
        $hit = first_prefix((string) $bits, $theirs);
        if ($hit !== null) {
            return $theirs[$hit];
        }
    }
    foreach ($theirs as $bits => $whose) {
        if (first_prefix((string) $bits, $mine) !== null) {
            return $whose;
        }
    }
    return null;
}

// "outside 203.0.113.0/24" as side, family and the bits that decide, so that a network is the beginning of what is in it.
function claim_bits(string $claim): string
{
    [$side, $prefix] = explode(' ', $claim);
    [$address, $length] = explode('/', "$prefix/");
    $bits = address_bits($address);
    return "$side " . ($length === '' ? $bits : substr($bits, 0, 1 + (int) $length));
}

// Family, then a character per bit; of no address just "-", which nothing begins with.
function address_bits(string $address): string
{
    $packed = @inet_pton($address);
    if ($packed === false) {
        return '-';
    }
    $bits = strlen($packed) === 4 ? '4' : '6';
    foreach (str_split($packed) as $byte) {
        $bits .= str_pad(decbin(ord($byte)), 8, '0', STR_PAD_LEFT);
    }
    return $bits;
}

function first_prefix(string $bits, array $among): ?string
{
    for ($length = strlen($bits); $length > strpos($bits, ' '); $length--) {
        $begin = substr($bits, 0, $length);
        if (isset($among[$begin])) {
            return $begin;
        }
    }
    return null;
}

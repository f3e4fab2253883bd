// Finds the pf states to one internal address that the release's rules would no longer pass, so that only these are
// terminated. Null if pf doesn't tell: then all are.

/** Ids of those that would not be; null where pf doesn't say enough to tell, so that all have to go. */
function states_that_close(string $address, array $entries): ?array
{
    $lines = lines_of(['/sbin/pfctl', '-ss', '-vv']);
    if ($lines === null || strpos($address, '/') !== false) {
        return null;
    }
    $ids = [];
    $wanted = false;
    foreach ($lines as $line) {
        if (preg_match('/^\S/', $line) === 1) {
            if ($wanted) {
                // One without an id.
                return null;
            }
            $state = state_of_line($line);
            $wanted = $state === null ? strpos($line, $address) !== false : $state['to'] === $address && !lets_in($entries, $state);
        } elseif ($wanted && preg_match('/^\s+id: ([0-9a-f]{1,32}) creatorid: ([0-9a-f]{1,16})/', $line, $id) === 1) {
            $ids[] = "$id[1]/$id[2]";
            $wanted = false;
        }
    }
    return $wanted ? null : $ids;
}

// `all tcp 10.0.0.9:443 (203.0.113.9:443) <- 198.51.100.7:5000  ESTABLISHED:ESTABLISHED`, and the second one of the same connection as it
// leaves, `198.51.100.7:5000 -> 10.0.0.9:443`.
function state_of_line(string $line): ?array
{
    if (preg_match('/^\S+ (\S+) (\S+)(?: \(\S+\))? (<-|->) (\S+)/', $line, $is) !== 1) {
        return null;
    }
    [$to, $from] = $is[3] === '<-' ? [$is[2], $is[4]] : [$is[4], $is[2]];
    $end = '/^([0-9.]+|[0-9a-f:.]+(?=\[|$))(?::([0-9]+)|\[([0-9]+)\])?$/';
    if (preg_match($end, $to, $there) !== 1 || preg_match($end, $from, $here) !== 1) {
        return null;
    }
    return ['protocol' => $is[1], 'to' => $there[1], 'port' => (int) ($there[3] ?? $there[2] ?? 0), 'from' => $here[1]];
}

// The first rule of ours that matches. What isn't certain lets nothing in.
function lets_in(array $entries, array $state): bool
{
    foreach (active($entries['rule']) as $rule) {
        $passes = $rule['type'] === 'pass';
        $protocol = $rule['protocol'] ?? 'any';
        $fits = [
            $protocol === 'any' || in_array($state['protocol'], explode('/', $protocol), true),
            is_within($entries, $rule['source'] ?? '', $state['from']),
            is_within($entries, $rule['destination'] ?? '', $state['to']),
            has_port($entries, (string) ($rule['destination']['port'] ?? ''), $state['port']),
            isset($rule['icmptype']) ? null : true,
        ];
        if (!in_array(false, $fits, true) && (!$passes || !in_array(null, $fits, true))) {
            return $passes;
        }
    }
    return false;
}

/** Null: it can't be told. */
function is_within(array $entries, $end, string $address): ?bool
{
    if (!is_array($end) || isset($end['network'])) {
        return null;
    }
    if (array_key_exists('any', $end)) {
        return true;
    }
    $bits = address_bits($address);
    $found = false;
    foreach (members_of($entries, (string) ($end['address'] ?? '')) as $member) {
        [$base, $length] = explode('/', "$member/");
        $own = address_bits($base);
        if ($own === '-' || $bits === '-') {
            return null;
        }
        $prefix = $length === '' ? $own : substr($own, 0, 1 + (int) $length);
        $found = $found || strncmp($bits, $prefix, strlen($prefix)) === 0;
    }
    return array_key_exists('not', $end) ? !$found : $found;
}

function members_of(array $entries, string $text): array
{
    $lists = array_column($entries['alias'], 'address', 'name');
    return preg_split('/\s+/', $lists[$text] ?? $text, -1, PREG_SPLIT_NO_EMPTY);
}

function has_port(array $entries, string $ports, int $port): ?bool
{
    if ($ports === '') {
        return true;
    }
    foreach (members_of($entries, $ports) as $one) {
        if (preg_match('/^([0-9]+)(?:[-:]([0-9]+))?$/', $one, $range) !== 1) {
            return null;
        }
        if ($port >= (int) $range[1] && $port <= (int) ($range[2] ?? $range[1])) {
            return true;
        }
    }
    return false;
}

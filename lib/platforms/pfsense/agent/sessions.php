// Sessions. Rules that go don't end what they let in: its states have to be killed. Of an inside host whose rules narrowed those that its
// rules would not let in any more; of one whose translation went, all. What only grows ends nothing.

/** Kills the states of every inside address of ours for which something closed between two sets of entries. */
function end_closed_sessions(array $before, array $after): void
{
    foreach (addresses_that_close($before, $after) as $address => $wholly) {
        $ids = $wholly ? null : states_that_close((string) $address, $after);
        foreach ($ids ?? [] as $id) {
            run_program(['/sbin/pfctl', '-k', 'id', '-k', $id]);
        }
        if ($ids === null) {
            run_program(['/sbin/pfctl', '-k', strpos((string) $address, ':') === false ? '0.0.0.0/0' : '::/0', '-k', (string) $address]);
        }
    }
    // Connections that the inside host opened go out by a public address that is its own no more.
    $left = array_map('CpanelEdge\binat_key', active($after['onetoone']));
    foreach (active($before['onetoone']) as $entry) {
        $inside = (string) ($entry['source']['address'] ?? '');
        if (!in_array(binat_key($entry), $left, true) && @inet_pton(explode('/', $inside)[0]) !== false) {
            run_program(['/sbin/pfctl', '-k', $inside]);
        }
    }
}

/** Inside addresses and networks, public ones of what is gone among them; true where all of it closed. */
function addresses_that_close(array $before, array $after): array
{
    $closing = [];
    // Lists of ours by what is in them: a rule that names one changes with it.
    $spelling = static function (array $entries): callable {
        $lists = array_column($entries['alias'], 'address', 'name');
        return static function (array $entry) use ($lists): string {
            unset($entry['descr'], $entry['created'], $entry['updated'], $entry['log'], $entry['tracker']);
            ksort($entry);
            array_walk_recursive($entry, static function (&$text) use ($lists): void {
                $text = $lists[(string) $text] ?? $text;
            });
            return (string) json_encode($entry);
        };
    };
    $then = $spelling($before);
    $now = $spelling($after);
    foreach (['onetoone', 'rule'] as $list) {
        $left = array_flip(array_map($now, $after[$list]));
        foreach (active($before[$list]) as $entry) {
            if (isset($left[$then($entry)])) {
                continue;
            }
            if ($list === 'onetoone') {
                $closing[$entry['source']['address'] ?? ''] = true;
                $closing[network_of_external($entry)] = true;
            } elseif ($entry['type'] === 'pass') {
                $closing += [$entry['destination']['address'] ?? '' => false];
            }
        }
    }
    // A new drop closes what was let in before it; one against every destination has no address to kill by, and stands for new ones.
    $known = array_flip(array_map($then, $before['rule']));
    foreach (active($after['rule']) as $rule) {
        if ($rule['type'] !== 'pass' && !isset($known[$now($rule)])) {
            $closing += [$rule['destination']['address'] ?? '' => false];
        }
    }
    // A destination may be a list of ours.
    $lists = array_column(array_merge($after['alias'], $before['alias']), null, 'name');
    $spelt = [];
    foreach ($closing as $text => $wholly) {
        $isList = ($lists[$text]['type'] ?? '') === 'network' || ($lists[$text]['type'] ?? '') === 'host';
        foreach ($isList ? explode(' ', $lists[$text]['address']) : [$text] as $address) {
            if (@inet_pton(explode('/', $address)[0]) !== false) {
                $spelt[$address] = $wholly || ($spelt[$address] ?? false);
            }
        }
    }
    return $spelt;
}

function network_of_external(array $entry): string
{
    $length = explode('/', (string) ($entry['source']['address'] ?? ''))[1] ?? '';
    return ($entry['external'] ?? '') . ($length === '' ? '' : "/$length");
}

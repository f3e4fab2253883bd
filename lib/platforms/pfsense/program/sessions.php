// Sessions. Rules that go don't end what they let in: the states do that, and they are killed by address. What only grows ends nothing.

/** Kills the states of every inside address of ours for which something closed between two sets of entries. */
function end_closed_sessions(array $before, array $after): void
{
    foreach (addresses_that_close($before, $after) as $address) {
        run_program(['/sbin/pfctl', '-k', strpos($address, ':') === false ? '0.0.0.0/0' : '::/0', '-k', $address]);
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

/** Inside addresses and networks, public ones of what is gone among them. */
function addresses_that_close(array $before, array $after): array
{
    $closing = [];
    $same = static function (array $entry): string {
        unset($entry['descr'], $entry['created'], $entry['updated'], $entry['log']);
        ksort($entry);
        return (string) json_encode($entry);
    };
    foreach (['onetoone', 'rule'] as $list) {
        $left = array_flip(array_map($same, $after[$list]));
        foreach (active($before[$list]) as $entry) {
            if (isset($left[$same($entry)])) {
                continue;
            }
            if ($list === 'onetoone') {
                $closing[] = $entry['source']['address'] ?? '';
                $closing[] = network_of_external($entry);
            } elseif ($entry['type'] === 'pass') {
                $closing[] = $entry['destination']['address'] ?? '';
            }
        }
    }
    // A new drop closes what was let in before it; one against every destination has no address to kill by, and stands for new ones.
    $known = array_flip(array_map($same, $before['rule']));
    foreach (active($after['rule']) as $rule) {
        if ($rule['type'] !== 'pass' && !isset($known[$same($rule)])) {
            $closing[] = $rule['destination']['address'] ?? '';
        }
    }
    // A destination may be a list of ours.
    $lists = array_column(array_merge($after['alias'], $before['alias']), null, 'name');
    $spelt = [];
    foreach ($closing as $text) {
        $isList = ($lists[$text]['type'] ?? '') === 'network' || ($lists[$text]['type'] ?? '') === 'host';
        foreach ($isList ? explode(' ', $lists[$text]['address']) : [$text] as $address) {
            if (@inet_pton(explode('/', $address)[0]) !== false) {
                $spelt[$address] = true;
            }
        }
    }
    return array_map('strval', array_keys($spelt));
}

function network_of_external(array $entry): string
{
    $length = explode('/', (string) ($entry['source']['address'] ?? ''))[1] ?? '';
    return ($entry['external'] ?? '') . ($length === '' ? '' : "/$length");
}

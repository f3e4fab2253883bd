// look: what decides whether an address is reached, besides the rules. Changes nothing. Its questions come on standard input, so that sudo
// can name this command without any argument; its answers have the form that other devices give.

const QUESTIONS = [
    'public' => '[0-9a-f.:]{2,45}',
    'inside' => '[0-9a-f.:]{2,45}',
    'source' => '[0-9a-f.:]{2,45}',
    'port' => '[0-9]{1,5}',
    'protocol' => 'tcp|udp',
    'arrives' => '[A-Za-z0-9][A-Za-z0-9_.:@-]{0,31}',
    'wire' => '[A-Za-z0-9][A-Za-z0-9_.:@-]{0,31}',
];

function command_look(array $words): void
{
    no_more($words, 0, 0);
    open_folders();
    read_config();
    $asked = array_fill_keys(array_keys(QUESTIONS), '');
    foreach (explode("\n", (string) stream_get_contents(STDIN, 2048)) as $line) {
        [$name, $value] = explode(' ', "$line ", 2);
        $value = trim($value);
        if (isset(QUESTIONS[$name]) && $value !== '' && $asked[$name] === '') {
            if (!matches($value, QUESTIONS[$name])) {
                refuse('wrong-argument question');
            }
            $asked[$name] = $value;
        }
    }
    section('settings', look_settings());
    section('proxies', proxies_section());
    // No tool of the box asks a wire who has an address.
    section('wire', $asked['wire'] === '' || $asked['public'] === '' ? '' : "unknown\n");
    section('inside', route_to($asked['inside']));
    section('through', $asked['source'] === '' ? '' : route_to($asked['inside']));
    section('back', $asked['inside'] === '' ? '' : route_to($asked['source']));
    section('neighbour', look_neighbour($asked['inside']));
    section('sessions', look_sessions($asked));
    section('listening', look_listening($asked));
    succeed('look');
}

// FreeBSD forwards on all interfaces or on none.
function look_settings(): string
{
    $on = explode("\n", (string) forwarding_section())[0];
    $text = "forwarding all $on\n";
    foreach (array_keys(devices()) as $key) {
        $text .= "forwarding $key $on\n";
    }
    return $text;
}

function route_to(string $address): string
{
    if ($address === '') {
        return '';
    }
    $family = strpos($address, ':') === false ? '-inet' : '-inet6';
    [$status, $printed] = run_program(['/sbin/route', '-n', 'get', $family, $address]);
    $found = [];
    preg_match_all('/^\s*([a-z ]+): (\S+)/m', $printed, $lines, PREG_SET_ORDER);
    foreach ($lines as $line) {
        $found[$line[1]] = $line[2];
    }
    if ($status !== 0 || !isset($found['interface'])) {
        return "RTNETLINK answers: Network is unreachable\n";
    }
    return $address . (isset($found['gateway']) ? ' via ' . $found['gateway'] : '') . ' dev ' . name_of_device($found['interface']) . "\n";
}

// Asked on the wire first, so that an entry is there to be seen.
function look_neighbour(string $inside): string
{
    if ($inside === '' || strpos($inside, ':') !== false) {
        return '';
    }
    run_program(['/sbin/ping', '-n', '-c', '1', '-t', '2', $inside], 5);
    $text = '';
    foreach (lines_of(['/usr/sbin/arp', '-an']) ?? [] as $line) {
        if (preg_match('/\(' . preg_quote($inside, '/') . '\) at (\S+) on (\S+)/', $line, $is) === 1) {
            $name = name_of_device($is[2]);
            $there = $is[1] !== '(incomplete)';
            $text .= ($there ? "answers $name" : "silent $name") . "\n$inside dev $name " . ($there ? "lladdr $is[1] REACHABLE" : 'FAILED') . "\n";
        }
    }
    return $text;
}

// `all tcp 10.0.0.9:443 (203.0.113.9:443) <- 198.51.100.7:5000 ESTABLISHED:ESTABLISHED`, in the words of conntrack.
function look_sessions(array $asked): string
{
    $text = '';
    $count = 0;
    foreach (lines_of(['/sbin/pfctl', '-ss']) ?? ['unknown'] as $line) {
        $pattern = '/^\S+ (tcp|udp) (\S+):([0-9]+)(?: \((\S+):([0-9]+)\))? <- (\S+):([0-9]+)\s+(\S+)/';
        if ($line === 'unknown' || preg_match($pattern, $line, $is) !== 1) {
            $text .= $line === 'unknown' ? "unknown\n" : '';
            continue;
        }
        [, $protocol, $inside, $port, $public, , $source, $from, $state] = $is;
        $to = $public === '' ? $inside : $public;
        if (in_array($asked['public'], [$to], true) || in_array($asked['inside'], [$inside], true)) {
            $seen = preg_match('/(?:NO_TRAFFIC|CLOSED)/', $state) === 1 ? ' [UNREPLIED]' : '';
            $text .= "$protocol src=$source dst=$to sport=$from dport=$port$seen src=$inside dst=$source sport=$port dport=$from \n";
            if (++$count >= 40) {
                break;
            }
        }
    }
    return $text;
}

function look_listening(array $asked): string
{
    if ($asked['port'] === '') {
        return '';
    }
    $lines = lines_of(['/usr/bin/sockstat', '-l', '-P', $asked['protocol'] === 'udp' ? 'udp' : 'tcp', '-p', $asked['port']]);
    return $lines === null ? "unknown\n" : implode('', array_map(static function (string $line): string {
        return "$line\n";
    }, array_slice($lines, 1, 50)));
}

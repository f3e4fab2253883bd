// What the runner compares besides the rules, in the form that its other devices give: as `ip -o` prints it. Interfaces have the keys that
// the box gives them; the section `interfaces` says their devices.

const OWN_LINKS = '/^(?:lo|pflog|pfsync|enc|pfil|ipfw)[0-9]*$/';

/** @return array|null of each interface: name (key, else device), device, flags, state, bridge, addresses with lengths */
function interfaces_live(): ?array
{
    if (isset($GLOBALS['cpanel_edge_interfaces'])) {
        return $GLOBALS['cpanel_edge_interfaces'];
    }
    $lines = lines_of(['/sbin/ifconfig', '-a']);
    if ($lines === null) {
        return null;
    }
    $keys = array_flip(devices());
    $found = [];
    $device = '';
    $bridges = [];
    foreach ($lines as $line) {
        if (preg_match('/^([A-Za-z0-9_.]+): flags=[0-9a-f]+<([^>]*)>/', $line, $is) === 1) {
            $device = $is[1];
            $flags = $is[2] === '' ? [] : explode(',', $is[2]);
            $found[$device] = ['name' => $keys[$device] ?? $device, 'device' => $device, 'flags' => $flags, 'status' => '', 'addresses' => []];
        } elseif (preg_match('/^\s+inet6? ([0-9a-fA-F.:]+)(?:%\S+)?(?:\/([0-9]+))?(.*)$/', $line, $is) === 1 && $device !== '') {
            $found[$device]['addresses'][] = [$is[1], length_of($is[1], $is[2], $is[3])];
        } elseif (preg_match('/^\s+status: (.*)$/', $line, $is) === 1) {
            $found[$device]['status'] = trim($is[1]);
        } elseif (preg_match('/^\s+member: (\S+)/', $line, $is) === 1) {
            $bridges[$is[1]] = $device;
        }
    }
    foreach ($found as $of => $_) {
        $found[$of]['bridge'] = $bridges[$of] ?? null;
    }
    return $GLOBALS['cpanel_edge_interfaces'] = array_values($found);
}

function length_of(string $address, string $slash, string $rest): int
{
    if ($slash !== '') {
        return (int) $slash;
    }
    if (preg_match('/prefixlen ([0-9]+)/', $rest, $is) === 1) {
        return (int) $is[1];
    }
    if (preg_match('/netmask 0x([0-9a-f]{8})/', $rest, $is) === 1) {
        return substr_count(decbin((int) hexdec($is[1])), '1');
    }
    return strpos($address, ':') === false ? 32 : 128;
}

function addresses_section(): ?string
{
    $text = '';
    foreach (interfaces_live() ?? [] as $at => $interface) {
        if (preg_match(OWN_LINKS, $interface['device']) !== 1) {
            foreach ($interface['addresses'] as [$address, $length]) {
                $family = strpos($address, ':') === false ? 'inet' : 'inet6';
                $text .= ($at + 1) . ": $interface[name]    $family $address/$length scope global\n";
            }
        }
    }
    return interfaces_live() === null ? null : $text;
}

function links_section(): ?string
{
    $text = '';
    foreach (interfaces_live() ?? [] as $at => $interface) {
        if (preg_match(OWN_LINKS, $interface['device']) !== 1) {
            $up = in_array('UP', $interface['flags'], true);
            $carrier = in_array($interface['status'], ['', 'active', 'associated'], true) && in_array('RUNNING', $interface['flags'], true);
            $flags = array_merge($up ? ['UP'] : [], $up && !$carrier ? ['NO-CARRIER'] : [], $carrier ? ['LOWER_UP'] : []);
            $text .= ($at + 1) . ": $interface[name]: <" . implode(',', $flags) . '> device ' . $interface['device'] .
                ($interface['bridge'] === null ? '' : ' master ' . $interface['bridge']) . "\n";
        }
    }
    return interfaces_live() === null ? null : $text;
}

/** Name of a device as the sections have it. */
function name_of_device(string $device): string
{
    $key = array_search($device, devices(), true);
    return $key === false ? $device : (string) $key;
}

function routes_section(): ?string
{
    $text = '';
    foreach (['inet' => '0.0.0.0', 'inet6' => '::'] as $family => $_) {
        $lines = lines_of(['/usr/bin/netstat', '-rnW', '-f', $family]);
        if ($lines === null) {
            return null;
        }
        $at = null;
        foreach ($lines as $line) {
            $words = preg_split('/\s+/', trim($line));
            if ($words[0] === 'Destination') {
                $at = array_search('Netif', $words, true);
                continue;
            }
            if ($at === null || $at === false || !isset($words[$at]) || preg_match(OWN_LINKS, $words[$at]) === 1) {
                continue;
            }
            // Of a network on the wire `link#2` stands in the place of a gateway.
            $destination = preg_replace('/%[^\/]+/', '', $words[0]);
            $via = @inet_pton((string) preg_replace('/%.*/', '', $words[1])) === false ? '' : ' via ' . preg_replace('/%.*/', '', $words[1]);
            $text .= "$destination$via dev " . name_of_device($words[$at]) . "\n";
        }
    }
    return $text;
}

function forwarding_section(): ?string
{
    $text = '';
    foreach (['net.inet.ip.forwarding', 'net.inet6.ip6.forwarding'] as $name) {
        $value = lines_of(['/sbin/sysctl', '-n', $name]);
        $text .= ($value !== null && trim($value[0] ?? '') === '1' ? '1' : '0') . "\n";
    }
    return $text;
}

function proxies_section(): ?string
{
    $text = '';
    foreach (config_list(LISTS['vip']) as $vip) {
        $interface = (string) ($vip['interface'] ?? '');
        if (($vip['mode'] ?? '') === 'proxyarp' && proxy_lives(devices()[$interface] ?? '')) {
            $bits = (string) ($vip['subnet_bits'] ?? '32');
            $text .= ($vip['subnet'] ?? '') . ($bits === '32' ? '' : "/$bits") . " dev $interface proxy\n";
        }
    }
    return $text;
}

function proxy_lives(string $device): bool
{
    $pid = matches($device, '[A-Za-z0-9_.]{1,32}') ? trim((string) @file_get_contents("/var/run/choparp_$device.pid")) : '';
    return ctype_digit($pid) && function_exists('posix_kill') && posix_kill((int) $pid, 0);
}

function interfaces_section(): ?string
{
    $text = '';
    foreach (devices() as $key => $device) {
        $text .= "$key $device\n";
    }
    return $text;
}

function version_section(): ?string
{
    return box_version() . ' configuration ' . config_version() . "\n";
}

// What the box holds and what it runs, as one text: the configuration, reduced to what decides about packets, then what pf has loaded.

function live_text(): ?string
{
    $configuration = '';
    foreach (kept_elements() as $name => $shape) {
        $configuration .= printed_xml($name, shown_value($name, config($name, null), $shape), 1);
    }
    // The rules are printed of a filter that is off, too.
    $info = lines_of(['/sbin/pfctl', '-s', 'info']);
    if ($info === null) {
        return null;
    }
    $filters = preg_grep('/^Status: Enabled\b/', $info) !== [] ? 'on' : 'off';
    $text = "<?xml version=\"1.0\"?>\n<pfsense>\n\t<cpanel_edge><live>$filters</live></cpanel_edge>\n$configuration</pfsense>\n";
    $names = table_names();
    if ($names === null) {
        return null;
    }
    $tables = [];
    foreach ($names as $table) {
        if (matches($table, '[A-Za-z0-9_.:-]{1,63}')) {
            $tables[] = ['-t', $table, '-T', 'show'];
        }
    }
    foreach (array_merge([['-sn'], ['-sr']], $tables) as $words) {
        [$status, $printed] = run_program(array_merge(['/sbin/pfctl'], $words));
        if ($status !== 0) {
            return null;
        }
        $text .= '# pfctl ' . implode(' ', $words) . "\n" . $printed . (substr($printed, -1) === "\n" || $printed === '' ? '' : "\n");
    }
    return $text;
}

/** The parts of a value that may be shown; null where none may. Lists stay lists. */
function shown_value(string $name, $value, $shape)
{
    if ($shape === true) {
        if (is_array($value)) {
            return array_map(static function ($one) use ($name) {
                return is_array($one) ? null : shown_text($name, $one);
            }, $value);
        }
        return shown_text($name, $value);
    }
    if (!is_array($value)) {
        // An empty section is none; an entry without anything in it may be what breaks the box's rules.
        return null;
    }
    if (is_list($value)) {
        $list = [];
        foreach ($value as $one) {
            if ($name !== 'item' || !isset($shape['tunable']) || is_bridge_tunable($one)) {
                $list[] = is_array($one) ? shown_value($name, $one, $shape) : '';
            }
        }
        return $list === [] ? null : $list;
    }
    $shown = [];
    foreach ($shape as $child => $below) {
        if ($child === '*') {
            foreach ($value as $other => $one) {
                // A key of an interface; of anything else the box wouldn't make an element.
                if (matches((string) $other, '[a-z0-9_-]{1,64}')) {
                    $shown[$other] = shown_child((string) $other, $one, $below);
                }
            }
        } elseif (array_key_exists($child, $value)) {
            $shown[$child] = shown_child($child, $value[$child], $below);
        }
    }
    return array_filter($shown, static function ($one): bool {
        return $one !== null;
    });
}

function shown_child(string $name, $value, $below)
{
    return $value === '' ? '' : shown_value($name, $value, $below);
}

function is_list(array $value): bool
{
    return $value !== [] && array_keys($value) === range(0, count($value) - 1);
}

// Whether what crosses a bridge is filtered on it or on its members.
function is_bridge_tunable($item): bool
{
    return is_array($item) && preg_match('/^net\.link\.bridge\.pfil_/', trim((string) ($item['tunable'] ?? ''))) === 1;
}

function shown_text(string $name, $text)
{
    if (!is_string($text)) {
        return is_int($text) ? (string) $text : $text;
    }
    if (in_array($name, ['url', 'aliasurl'], true)) {
        return origin_of($text);
    }
    if ($name === 'address') {
        $text = implode(' ', array_map('CpanelEdge\origin_of', explode(' ', $text)));
    }
    // Names and passwords in front of hosts, wherever a URL stands.
    return (string) preg_replace('~([a-z][a-z0-9+.-]*://)[^/?#\s]*@~i', '$1', $text);
}

// Scheme and host of a URL: what follows may be a secret.
function origin_of(string $text): string
{
    return preg_match('~^\s*([a-z][a-z0-9+.-]*)://(?:[^/?#]*@)?([^/?#@\s]*)~i', $text, $parts) === 1 ? "$parts[1]://$parts[2]" : $text;
}

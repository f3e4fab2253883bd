// Where our entries stand among others'. Everything of this owner is taken away, and put in again at the places that the README of this
// platform names, so that the same entries come to the same places whoever had changed the rest.

/** Puts the entries in the place of those that the owner has. */
function place_entries(array $entries): void
{
    $owner = owner();
    $others = static function (string $path) use ($owner): array {
        return array_values(array_filter(config_list($path), static function (array $entry) use ($owner): bool {
            return !is_ours($entry, $owner);
        }));
    };
    foreach (['vip', 'alias'] as $list) {
        put_list(LISTS[$list], array_merge($others(LISTS[$list]), $entries[$list]));
    }
    put_list(LISTS['onetoone'], array_merge($entries['onetoone'], $others(LISTS['onetoone'])));
    put_list(LISTS['rule'], placed_rules(rules_without_ours(), $entries['rule']));
}

// The box has no empty lists and no empty sections: an element without children is a text to it, and a text has no children.
function put_list(string $path, array $list): void
{
    $section = explode('/', $path)[0];
    if ($list !== []) {
        if (!is_array(config($section, null))) {
            set_config($section, []);
        }
        set_config($path, $list);
        return;
    }
    unset_config($path);
    if (config($section, null) === []) {
        unset_config($section);
    }
}

function is_floating(array $rule): bool
{
    return array_key_exists('floating', $rule);
}

// The tab on which the box's pages show a rule; separators are counted by it.
function tab_of(array $rule): string
{
    return is_floating($rule) ? 'floatingrules' : strtolower((string) ($rule['interface'] ?? ''));
}

function rules_without_ours(): array
{
    $rules = config_list(LISTS['rule']);
    $rows = [];
    $others = [];
    foreach ($rules as $rule) {
        $tab = tab_of($rule);
        $rows[$tab] = $rows[$tab] ?? 0;
        if (is_ours($rule, owner())) {
            move_separators($tab, $rows[$tab] + 1, -1);
        } else {
            $others[] = $rule;
            $rows[$tab]++;
        }
    }
    return $others;
}

function placed_rules(array $rules, array $ours): array
{
    $tabs = [];
    foreach ($ours as $rule) {
        $tabs[tab_of($rule)][] = $rule;
    }
    foreach ($tabs as $tab => $new) {
        [$at, $row] = place_on_tab($rules, (string) $tab);
        array_splice($rules, $at, 0, $new);
        move_separators((string) $tab, $row, count($new));
    }
    return $rules;
}

/** @return array{int, int} position in the list of all rules, and among those of the tab */
function place_on_tab(array $rules, string $tab): array
{
    $row = 0;
    $behind = null;
    foreach ($rules as $at => $rule) {
        if (tab_of($rule) !== $tab) {
            continue;
        }
        if (!array_key_exists('disabled', $rule) && !keeps_out_by_name($rule)) {
            return [$at, $row];
        }
        $row++;
        $behind = $at + 1;
    }
    // Floating rules come first in any case; others behind what the tab has, or the list.
    return [$behind ?? ($tab === 'floatingrules' ? 0 : count($rules)), $row];
}

// A block or reject that names its source, a port or a protocol: what an administrator keeps out by name at the top stays out. A block of
// everything, or of everything to some hosts, is a default, and drops of another owner of ours are none of an administrator's.
function keeps_out_by_name(array $rule): bool
{
    $source = $rule['source'] ?? null;
    $ports = port_of($source) . port_of($rule['destination'] ?? null);
    $protocol = strtolower((string) ($rule['protocol'] ?? ''));
    $from = $source !== null && !(is_array($source) && array_key_exists('any', $source));
    $named = $from || $ports !== '' || !in_array($protocol, ['', 'any'], true);
    $descr = (string) ($rule['descr'] ?? '');
    return in_array($rule['type'] ?? '', ['block', 'reject'], true) && $named && preg_match('~^' . TAG . '[^/]+/~', $descr) !== 1;
}

function port_of($end): string
{
    return is_array($end) ? (string) ($end['port'] ?? '') : '';
}

// A separator stands before the rule of its number ("fr3") and moves with it.
function move_separators(string $tab, int $from, int $by): void
{
    $separators = config("filter/separator/$tab");
    if (!is_array($separators)) {
        return;
    }
    foreach ($separators as $name => $separator) {
        $row = is_array($separator) ? $separator['row'] ?? '' : '';
        $text = is_array($row) ? (string) reset($row) : (string) $row;
        if (preg_match('/^fr([0-9]{1,6})$/', $text, $number) === 1 && (int) $number[1] >= $from) {
            $moved = 'fr' . max(0, (int) $number[1] + $by);
            $separators[$name]['row'] = is_array($row) ? [$moved] : $moved;
        }
    }
    if ($separators !== []) {
        set_config("filter/separator/$tab", $separators);
    }
}

// XML, both ways, as the box spells it: lower case names, no attributes, text of some elements in CDATA and escaped inside it.

/**
 * A tree of [name, text, children]; null for text that isn't one document. `$keeps`: of a parent's name and a closed element, whether it
 * stays in the tree. Configurations of five megabytes would take hundreds as arrays.
 */
function parsed_xml(string $text, callable $keeps): ?array
{
    // Nothing may expand.
    if (stripos($text, '<!DOCTYPE') !== false || stripos($text, '<!ENTITY') !== false) {
        return null;
    }
    $stack = [['', '', []]];
    $parser = xml_parser_create('UTF-8');
    xml_parser_set_option($parser, XML_OPTION_CASE_FOLDING, 0);
    xml_set_element_handler(
        $parser,
        static function ($_, string $name) use (&$stack): void {
            $stack[] = [strtolower($name), '', []];
        },
        static function () use (&$stack, $keeps): void {
            $closed = array_pop($stack);
            if ($keeps($stack[count($stack) - 1][0], $closed, count($stack))) {
                $stack[count($stack) - 1][2][] = $closed;
            }
        }
    );
    // As the box does: every piece is decoded once more, so that what is escaped inside CDATA comes out as it was.
    xml_set_character_data_handler($parser, static function ($_, string $piece) use (&$stack): void {
        $piece = trim($piece, "\t\n\r");
        if ($piece !== '') {
            $stack[count($stack) - 1][1] .= html_entity_decode($piece, ENT_QUOTES | ENT_HTML5, 'UTF-8');
        }
    });
    $whole = xml_parse($parser, $text, true) === 1;
    unset($parser);
    return $whole && count($stack) === 1 && count($stack[0][2]) === 1 ? $stack[0][2][0] : null;
}

/** Children of that name. */
function children(array $element, string $name): array
{
    return array_values(array_filter($element[2], static function (array $child) use ($name): bool {
        return $child[0] === $name;
    }));
}

/** Elements at a path below this one. */
function elements(array $element, string $path): array
{
    $found = [$element];
    foreach (explode('/', $path) as $name) {
        $found = array_merge([], ...array_map(static function (array $one) use ($name): array {
            return children($one, $name);
        }, $found));
    }
    return $found;
}

/** An element as the box's arrays have it: its text, or its children by name. `item` repeats. */
function as_array(array $element)
{
    if ($element[2] === []) {
        return trim($element[1], ' ') === '' ? '' : $element[1];
    }
    $value = [];
    foreach ($element[2] as $child) {
        if ($child[0] === 'item') {
            $value['item'][] = as_array($child);
        } else {
            $value[$child[0]] = as_array($child);
        }
    }
    return $value;
}

const IN_CDATA = '/^(?:descr|detail|text|state|username|password|rangedescr)/';

/** A value as lines: a list repeats its element; false and null are not there. */
function printed_xml(string $name, $value, int $depth): string
{
    if ($value === false || $value === null) {
        return '';
    }
    $indent = str_repeat("\t", $depth);
    if (is_array($value) && $value !== []) {
        if (array_keys($value) === range(0, count($value) - 1)) {
            return implode('', array_map(static function ($one) use ($name, $depth): string {
                return printed_xml($name, $one, $depth);
            }, $value));
        }
        $inside = '';
        foreach ($value as $child => $one) {
            $inside .= printed_xml((string) $child, $one, $depth + 1);
        }
        return "$indent<$name>\n$inside$indent</$name>\n";
    }
    if ($value === true || $value === '' || $value === []) {
        return "$indent<$name></$name>\n";
    }
    $text = htmlspecialchars((string) $value, ENT_QUOTES | ENT_XML1 | ENT_SUBSTITUTE, 'UTF-8');
    if (preg_match(IN_CDATA, $name) === 1) {
        $text = "<![CDATA[$text]]>";
    }
    return "$indent<$name>$text</$name>\n";
}

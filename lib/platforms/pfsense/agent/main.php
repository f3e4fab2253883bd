// The command.

const COMMANDS = [
    'protocol', 'facts', 'upload', 'check', 'arm', 'read', 'confirm', 'rollback', 'undo', 'outcome', 'retract', 'forget', 'accept', 'status',
    'look', 'boot', 'wait', 'reload',
];

$cpanel_edge_words = array_slice($argv ?? [], 1);
$cpanel_edge_wanted = (string) array_shift($cpanel_edge_words);
if (!in_array($cpanel_edge_wanted, COMMANDS, true)) {
    refuse('unknown-command');
}
// What belongs to the box. Nobody who logs in may end a trial or reload by it: sudo may allow a login the whole program.
if (in_array($cpanel_edge_wanted, ['boot', 'wait', 'undo', 'reload'], true) && !in_array(getenv('SUDO_UID'), [false, '', '0'], true)) {
    refuse('not-by-sudo');
}
if (!in_array($cpanel_edge_wanted, ['protocol', 'wait'], true)) {
    if ((function_exists('posix_geteuid') ? (string) posix_geteuid() : trim(run_program(['/usr/bin/id', '-u'])[1])) !== '0') {
        refuse('not-root');
    }
    if (!is_file('/etc/inc/config.inc')) {
        refuse('foreign-box');
    }
    // Here and in no function: the box's files keep what they need in global variables.
    foreach (BOX_FILES as $cpanel_edge_file) {
        if (is_file("/etc/inc/$cpanel_edge_file")) {
            require_once $cpanel_edge_file;
        }
    }
    unset($cpanel_edge_file);
    // As they were before the box's files set their own.
    ini_set('display_errors', '0');
}
('CpanelEdge\command_' . $cpanel_edge_wanted)($cpanel_edge_words);

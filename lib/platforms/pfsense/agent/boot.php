// boot: after the box has started. What is confirmed is in its configuration, and the box has loaded it; what was armed and not confirmed is
// there, too, and is undone now. A script of ours among those that the box starts at the end of its own start.

const BOOT_SCRIPT = '/usr/local/etc/rc.d/cpanel_edge.sh';

function boot_script(): string
{
    return "#!/bin/sh\n# Of cpanel-edge: undoes a release that was not confirmed before the box went down.\n" .
        "case \"\${1-}\" in start | '') ;; *) exit 0 ;; esac\n" .
        'for program in ' . PROGRAM . ' ' . PROGRAM_COPY . "; do\n" .
        '  [ -s "$program" ] && exec ' . PHP . " \"\$program\" boot </dev/null >/dev/null 2>&1\n" .
        "done\nlogger -t cpanel-edge 'the program is gone: a release that was not confirmed still runs'\n";
}

/** The script, and a copy of the program beside what it undoes: a box that loses /usr/local/sbin keeps it. */
function write_boot_files(): bool
{
    $program = (string) @file_get_contents(program_file());
    $kept = $program !== '' && (@file_get_contents(PROGRAM_COPY) === $program || store(PROGRAM_COPY, $program));
    return write_boot_script() && $kept;
}

/** What the next start of the box doesn't find as it was written: words with commas between, or "as-written". */
function boot_faults(): string
{
    $faults = [];
    if (!is_file(BOOT_SCRIPT)) {
        $faults[] = 'script-missing';
    } elseif (@file_get_contents(BOOT_SCRIPT) !== boot_script() || !is_executable(BOOT_SCRIPT)) {
        $faults[] = 'script-changed';
    }
    if (!is_file(PROGRAM)) {
        $faults[] = 'program-missing';
    }
    if (!is_file(PROGRAM_COPY) || @file_get_contents(PROGRAM_COPY) !== @file_get_contents(program_file())) {
        $faults[] = 'copy-missing';
    }
    $confirmed = confirmed_file();
    if ($confirmed !== null && whole_release($confirmed) === null) {
        $faults[] = 'record-damaged';
    }
    return $faults === [] ? 'as-written' : implode(',', $faults);
}

function write_boot_script(): bool
{
    if ((string) @file_get_contents(BOOT_SCRIPT) === boot_script() && is_executable(BOOT_SCRIPT)) {
        return true;
    }
    // Others read this folder, too.
    $old = umask(022);
    $written = (is_dir(dirname(BOOT_SCRIPT)) || @mkdir(dirname(BOOT_SCRIPT), 0755, true)) && store(BOOT_SCRIPT, boot_script());
    umask($old);
    return $written && @chmod(BOOT_SCRIPT, 0755);
}

function remove_boot_files(): void
{
    remove(BOOT_SCRIPT, PROGRAM_COPY);
}

function command_boot(array $words): void
{
    no_more($words, 0, 0);
    enter(600);
    read_config();
    remove(...(glob(ROOT . '/coming-*') ?: []));
    $whole = true;
    foreach (each_home() as $home) {
        select_home($home);
        remove(...(glob(home('offered-*')) ?: []), ...(glob(home('checked-*')) ?: []));
        $armed = found('armed');
        // Started by hand: a trial whose timer lives isn't ended by it.
        if ($armed !== null && on_trial() === null) {
            $whole = undo_armed($armed) && $whole;
        }
        $undoing = found('undoing');
        if ($undoing !== null) {
            $whole = finish_undo($undoing) && $whole;
        }
        if (is_file(home('retracting')) && !is_file(home('release'))) {
            $whole = finish_retract() && $whole;
        } elseif (is_file(home('release'))) {
            remove(home('kept'), home('retracting'));
        } elseif (!is_file(home('kept')) && found('armed') === null && found('undoing') === null) {
            // The first release never came through: nothing of it is left.
            $whole = remove_home() && $whole;
        }
    }
    if (!$whole) {
        note('the box has started, and what was not confirmed could not be undone: the next command tries again');
        fail('boot-incomplete');
    }
    succeed('loaded');
}

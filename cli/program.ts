/** The commands and their flags. What a command needs is imported when it runs. */
import { Command, type CommanderError, Option } from 'commander';
import {
  agentSettings,
  configFileSetting,
  hubSettings,
  settings,
  type Setting,
} from '../hub/config/settings.ts';
import { logLevels } from '../shared/log-level.ts';
import { exitCodes } from './exit-codes.ts';
import type { OpenFlags } from './open/run-open.ts';
import { version } from './version.ts';

export function buildProgram(): Command {
  const program = new Command('watchline')
    .description('Watches machines and shows their metrics, processes and logs, live.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: false })
    .showHelpAfterError('Every command explains itself: watchline --help, watchline hub --help.')
    .exitOverride(endWithUsageCode)
    .addHelpText('after', mainExamples);
  program
    .addCommand(hubCommand())
    .addCommand(agentCommand())
    .addCommand(inviteCommand())
    .addCommand(agentsCommand())
    .addCommand(shareCommand())
    .addCommand(tailCommand())
    .addCommand(openCommand())
    .addCommand(doctorCommand());
  for (const command of program.commands) inheritSettings(command, program);
  return program;
}

function inheritSettings(command: Command, parent: Command): void {
  command.copyInheritedSettings(parent);
  for (const inner of command.commands) inheritSettings(inner, command);
}

function hubCommand(): Command {
  const command = new Command('hub')
    .description('observe this machine and serve its dashboard and stream')
    .addHelpText('after', hubExamples)
    .action(async (flags: Record<string, string | boolean | string[]>) => {
      const { runHub } = await import('./hub/run-hub.ts');
      process.exitCode = await runHub(flags);
    });
  for (const option of settingOptions(hubSettings)) command.addOption(option);
  return command;
}

function agentCommand(): Command {
  const command = new Command('agent')
    .description('observe this machine for a hub elsewhere')
    .addHelpText('after', agentExamples)
    .action(async (flags: Record<string, string | boolean | string[]>) => {
      const { runAgent } = await import('./agent/run-agent.ts');
      process.exitCode = await runAgent(flags);
    });
  for (const option of settingOptions(agentSettings)) command.addOption(option);
  return command.addCommand(installCommand()).addCommand(uninstallCommand());
}

function installCommand(): Command {
  const command = new Command('install')
    .description(
      'run the agent as a systemd service of an unprivileged user, from now on and after each start',
    )
    .option('--print', 'print the unit, and do nothing')
    .option('--user <name>', 'run as this user; default: one that exists only while the agent runs')
    .addOption(new Option('--root <folder>', 'install into an image').hideHelp())
    .addHelpText('after', installExamples)
    .action(async (_flags, self: Command) => {
      const { runInstall } = await import('./agent/install/run-install.ts');
      process.exitCode = await runInstall(self.optsWithGlobals());
    });
  for (const option of settingOptions(agentSettings)) command.addOption(option);
  return command;
}

function uninstallCommand(): Command {
  return new Command('uninstall')
    .description('stop the service and remove it')
    .option('--purge', 'remove its token too, and what it has not sent yet')
    .addOption(new Option('--root <folder>', 'remove it from an image').hideHelp())
    .action(async (_flags, self: Command) => {
      const { runUninstall } = await import('./agent/install/run-install.ts');
      process.exitCode = runUninstall(self.optsWithGlobals());
    });
}

function inviteCommand(): Command {
  const command = new Command('invite')
    .description("print the line that pairs another machine with this machine's hub")
    .option(
      '--url <address>',
      'the address by which that machine reaches the hub; else the one the hub finds',
    )
    .option('--group <name>', 'group the machine into this')
    .addHelpText('after', inviteExamples)
    .action(async (flags: Record<string, string>) => {
      const { runInvite } = await import('./invite/run-invite.ts');
      process.exitCode = await runInvite(flags);
    });
  return withDataFolder(command);
}

function agentsCommand(): Command {
  const revoke = new Command('revoke')
    .description('shut an agent out; its connections are closed within a second')
    .argument('<agent>', 'its name or id, as "watchline agents" lists them')
    .action(async (agent: string, flags: Record<string, string>) => {
      const { runRevoke } = await import('./agents/run-agents.ts');
      process.exitCode = await runRevoke(agent, { ...command.opts(), ...flags });
    });
  const command = new Command('agents')
    .description("list the agents paired with this machine's hub")
    .option('--json', 'print each agent as one line of JSON')
    .addCommand(withDataFolder(revoke))
    .addHelpText('after', agentsExamples)
    .action(async (flags: Record<string, string | boolean>) => {
      const { runAgents } = await import('./agents/run-agents.ts');
      process.exitCode = await runAgents(flags);
    });
  return withDataFolder(command);
}

function shareCommand(): Command {
  const create = new Command('create')
    .description("make a link by which others may watch this machine's hub")
    .option('--label <text>', 'what the link is called')
    .option('--by <name>', 'who shares, as viewers read it')
    .option('--host <name...>', 'share only these hosts, by name or id; default: all')
    .option('--group <name...>', 'share the hosts of these groups, also those that join them later')
    .option('--show <what...>', 'of metrics, processes, logs; default: all three')
    .option('--filter <filter>', 'share only log lines that match, as in the filter of the dashboard')
    .option('--no-redact', 'leave passwords, tokens and keys in log lines and commands')
    .option('--redact-emails', 'take e-mail addresses out as well')
    .option('--redact-addresses', 'take IP addresses out as well')
    .option('--hide-names', 'show made-up names of hosts, and no addresses')
    .option('--history <span>', 'show what was before, such as 90m, 8h or 7d; default: live only')
    .option('--expires <span>', 'the link ends after this, or "never"; default: 8h')
    .option('--viewers <number>', 'as many may watch at a time; default: any number')
    .option('--json', 'print all that the hub answers as one line of JSON')
    .action(async (_flags, self: Command) => {
      const { runShareCreate } = await import('./share/run-share.ts');
      process.exitCode = await runShareCreate(self.optsWithGlobals());
    });
  const list = new Command('list')
    .description('list the links, and how many watch by each')
    .option('--json', 'print each link as one line of JSON')
    .action(async (_flags, self: Command) => {
      const { runShareList } = await import('./share/run-share.ts');
      process.exitCode = await runShareList(self.optsWithGlobals());
    });
  const revoke = new Command('revoke')
    .description('end a link; who watches by it is cut off within a second')
    .argument('[share]', 'its label or id, as "watchline share list" lists them')
    .option('--all', 'end all of them')
    .action(async (wanted: string | undefined, flags: { all?: true }, self: Command) => {
      if ((wanted === undefined) !== (flags.all === true))
        self.error('error: name one link, or give --all', { exitCode: exitCodes.usage.number });
      const { runShareRevoke } = await import('./share/run-share.ts');
      process.exitCode = await runShareRevoke(wanted ?? null, self.optsWithGlobals());
    });
  const command = new Command('share')
    .description("share this machine's hub by links")
    .helpCommand(false)
    .addHelpText('after', shareExamples);
  for (const inner of [create, list, revoke]) command.addCommand(withDataFolder(inner));
  return command;
}

/** For commands that speak with the hub of this machine. */
function withDataFolder(command: Command): Command {
  for (const option of settingOptions(settings.filter(({ key }) => key === 'hub.dataDir')))
    command.addOption(option);
  return command;
}

function tailCommand(): Command {
  const command = new Command('tail')
    .description("follow a hub's logs, and its metrics, in the terminal")
    .argument('[url]', "a hub's address or stream, or a share link; without it, the hub of this machine")
    .option('-m, --metrics', 'one line of metrics per host and sample too')
    .option('-n, --lines <number>', 'log lines to start with', '20')
    .addOption(new Option('-l, --level <level>', 'only lines of this level or above').choices(logLevels))
    .option('--host <name...>', 'only these hosts, by name or id')
    .option('-f, --filter <filter>', 'only lines that pass, in the language of the Logs screen')
    .option('--json', 'print each event as one line of JSON')
    .option(
      '--token-file <file>',
      "file with the hub's token; else WATCHLINE_TOKEN, else this machine's hub's own",
    )
    .addHelpText('after', tailExamples)
    .action(async (url: string | undefined, flags: Record<string, string | boolean | string[]>) => {
      const { runTail } = await import('./tail/run-tail.ts');
      process.exitCode = await runTail(url ?? null, flags);
    });
  return withDataFolder(command);
}

function openCommand(): Command {
  return new Command('open')
    .description('show an incident bundle in the browser, without a hub')
    .argument('<file>', 'made with "Save incident bundle" on a dashboard')
    .option('--port <number>', 'serve on this port of this machine; 0: any free one', '0')
    .option('--no-open', 'do not open the browser')
    .addOption(new Option('--page <folder>', 'folder of the built page').hideHelp())
    .addHelpText('after', openExamples)
    .action(async (file: string, flags: OpenFlags) => {
      const { runOpen } = await import('./open/run-open.ts');
      process.exitCode = await runOpen(file, flags);
    });
}

function doctorCommand(): Command {
  const command = new Command('doctor')
    .description('check what Watchline needs here, and say what to do about what is missing')
    .addHelpText('after', doctorExamples)
    .action(async (flags: Record<string, string | boolean | string[]>) => {
      const { runDoctor } = await import('./doctor/run-doctor.ts');
      process.exitCode = await runDoctor(flags);
    });
  const checked = ['hub.port', 'hub.host', 'hub.dataDir', 'agent.logs.files'];
  for (const option of settingOptions(settings.filter(({ key }) => checked.includes(key))))
    command.addOption(option);
  return command;
}

function settingOptions(wanted: readonly Setting[]): Option[] {
  const { flag, summary, variable } = configFileSetting;
  return [
    ...wanted.map((setting) => new Option(setting.flag, describe(setting))),
    new Option(flag, `${summary} (${variable})`),
  ];
}

function describe({ flag, summary, variable, otherwise }: Setting): string {
  return flag.includes('<') ? `${summary}; default: ${otherwise} (${variable})` : `${summary} (${variable})`;
}

/** Commander has printed what is wrong, or the help that was asked for. */
function endWithUsageCode(error: CommanderError): never {
  process.exit(error.exitCode === 0 ? exitCodes.ok.number : exitCodes.usage.number);
}

const mainExamples = `
Examples:
  watchline hub                      watch this machine; prints the dashboard's address
  watchline agent --hub https://hub.example:7443 --code ABCD-EFGH
                                     send this machine to a hub elsewhere
  watchline tail                     follow this machine's logs here
  watchline tail --metrics -l warn   metrics, and lines of level warn and above
  watchline doctor                   why does it not work here?

Every command explains itself: watchline hub --help`;

const hubExamples = `
Examples:
  watchline hub --port 8080 --logs '/srv/app/log/*.log' --logs /var/log/syslog
  WATCHLINE_DATA=/var/lib/watchline watchline hub --no-open
  watchline hub --config /etc/watchline.yaml

Flags come before the environment, the environment before the config file. It ends on Ctrl-C (SIGINT) or SIGTERM;
a second one ends it at once. docs/operations.md has the config file and the exit codes.`;

const installExamples = `
Examples:
  sudo watchline agent install --hub https://hub.example:7443 --code ABCD-EFGH
  watchline agent install --hub https://hub.example:7443 --print

The unit may read what its groups may (adm and systemd-journal where there are such), and write to /var/lib/watchline-agent
alone. docs/operations.md has recipes for launchd and Windows.`;

const agentExamples = `
Examples:
  watchline agent --hub https://hub.example:7443 --code ABCD-EFGH --pin sha256/...
  watchline agent
  watchline agent --logs '/srv/app/log/*.log' --no-journal

The first line comes from "Add a server" on the dashboard, or from "watchline invite", and pairs, once; after that no flag
is needed. The hub's key is checked before anything is sent. Which logs are read is decided here alone, and nothing is
ever run on a hub's request. It ends on Ctrl-C (SIGINT) or SIGTERM.`;

const inviteExamples = `
Examples:
  watchline invite
  ssh web-1 "$(watchline invite --url https://watch.example:7443)"

The line holds a code that works once, within fifteen minutes, and only it goes to stdout.`;

const agentsExamples = `
Examples:
  watchline agents
  watchline agents revoke web-1`;

const shareExamples = `
Examples:
  watchline share create --label "Deploy of Friday" --host web-1 --host web-2 --expires 8h
  watchline share create --show metrics --hide-names --history 1h
  watchline share list
  watchline share revoke "Deploy of Friday"
  watchline share revoke --all

Whoever has a link may watch, and change nothing. Only the link goes to stdout.`;

const tailExamples = `
Examples:
  watchline tail
  watchline tail --json | jq -r 'select(.event == "log") | .data.text'
  watchline tail http://127.0.0.1:7401/ --token-file ~/.web-1.token --level error
  watchline tail 'https://hub.example/s/k3v9x2abcdef#...'
  watchline tail --filter 'level>=warn source:nginx -"GET /health" (status>=500 OR /time.?out/i)'

Terminal escapes and other control characters in lines are shown, never obeyed. It reconnects by itself and goes on
where it was.`;

const openExamples = `
Examples:
  watchline open incident-2026-11-21-1403.watchline
  zcat incident-2026-11-21-1403.watchline | jq -r 'select(.kind == "line") | .line.text'

The file is read in the browser, by the same page as a hub's, and sent nowhere. Dropped on any dashboard it opens too.`;

const doctorExamples = `
Every line is "ok", "warn" (works, but less) or "fail" (keeps Watchline from running) and says what to do.`;

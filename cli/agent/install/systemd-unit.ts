/**
 * The systemd unit of an installed agent: an unprivileged user that reads and sends, and can do nothing else. What each line
 * does stands in systemd.exec(5); `systemd-analyze security` judges the whole.
 */

export const UNIT_NAME = 'watchline-agent.service';

export interface UnitOptions {
  /** Program and arguments, the pairing code left out. */
  command: readonly string[];
  /** Holds the pairing code until it is used; read where it exists. */
  environmentFile: string;
  /** Null: a user that exists only while the agent runs (DynamicUser). */
  user: string | null;
  /** Groups that may read logs, those that this machine has: "adm", "systemd-journal". */
  groups: readonly string[];
}

export function systemdUnit({ command, environmentFile, user, groups }: UnitOptions): string {
  return `# Written by "watchline agent install"; "watchline agent uninstall" removes it.
[Unit]
Description=Watchline agent: sends this machine's metrics, processes and logs to its hub
Wants=network-online.target
After=network-online.target
# However long the hub is away: the agent goes on trying, and systemd with it.
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStart=${command.map(quoted).join(' ')}
EnvironmentFile=-${environmentFile}
Restart=always
RestartSec=5
# Used wrongly, not paired, or not the hub it was paired with: starting again changes nothing.
RestartPreventExitStatus=2 3 10 11

# Who it is: no root, no capability, no way to get one.
${user === null ? 'DynamicUser=yes' : `User=${user}`}
${groups.length > 0 ? `SupplementaryGroups=${groups.join(' ')}\n` : ''}StateDirectory=watchline-agent
StateDirectoryMode=0700
UMask=0077
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
RestrictSUIDSGID=yes

# What it may change: its own state.
ProtectSystem=strict
ProtectHome=read-only
PrivateTmp=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
PrivateDevices=yes
RemoveIPC=yes

# What it may ask of the kernel. No MemoryDenyWriteExecute: V8 compiles.
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM

# What it may take from the machine it watches.
CPUWeight=50
MemoryHigh=192M
TasksMax=64

[Install]
WantedBy=multi-user.target
`;
}

/** systemd.service(5), "Command lines": quotes, and what systemd itself would expand is doubled. */
function quoted(word: string): string {
  const escaped = word.replaceAll('%', '%%').replaceAll('$', '$$$$');
  if (/^[\w@%+=:,./$-]+$/.test(escaped)) return escaped;
  return `"${escaped.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

/** A node_exporter whose machine is made up: each answer a second later than the one before, with the load that is set. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { listening, type Listening } from './listening.ts';

export interface FakeExporter extends Listening {
  /** Busy share of its two cores in the second before an answer, 0-1. Default 0.25 in each. */
  busy: () => number;
  /** Answers in its stead. */
  misbehave: ((request: IncomingMessage, answer: ServerResponse) => void) | null;
  /** `Authorization` of each question, oldest first. */
  readonly asked: (string | undefined)[];
}

export async function startFakeExporter(): Promise<FakeExporter> {
  const asked: (string | undefined)[] = [];
  let seconds = 1_000;
  let busySeconds = 500;
  const server = createServer((request, answer) => {
    asked.push(request.headers.authorization);
    if (exporter.misbehave !== null) return exporter.misbehave(request, answer);
    seconds += 1;
    busySeconds += exporter.busy();
    answer.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4', 'Content-Encoding': 'gzip' });
    answer.end(gzipSync(nodeExposition(seconds, busySeconds)));
  });
  const exporter: FakeExporter = Object.assign(await listening(server), {
    busy: () => 0.25,
    misbehave: null,
    asked,
  });
  return exporter;
}

/** What a node_exporter tells of `rack-7`, shortened; `seconds` of uptime, of which each core was busy `busySeconds`. */
export function nodeExposition(seconds: number, busySeconds: number): string {
  const cpu = [0, 1].flatMap((core) => [
    `node_cpu_seconds_total{cpu="${core}",mode="idle"} ${seconds - busySeconds}`,
    `node_cpu_seconds_total{cpu="${core}",mode="user"} ${busySeconds}`,
  ]);
  return `# HELP go_goroutines Number of goroutines that currently exist.
# TYPE go_goroutines gauge
go_goroutines 8
# TYPE node_cpu_seconds_total counter
${cpu.join('\n')}
node_boot_time_seconds 1.7e+09
node_context_switches_total ${seconds * 100}
node_disk_read_bytes_total{device="sda"} ${seconds * 1000}
node_disk_read_bytes_total{device="dm-0"} ${seconds * 1000}
node_disk_io_time_seconds_total{device="sda"} ${seconds * 0.1}
node_disk_reads_completed_total{device="sda"} ${seconds * 2}
node_disk_read_time_seconds_total{device="sda"} ${seconds * 0.01}
node_exporter_build_info{branch="debian/sid",goversion="go1.19.8",revision="1.5.0-1+b6",version="1.5.0"} 1
node_filesystem_size_bytes{device="/dev/sda1",fstype="ext4",mountpoint="/"} 1e+12
node_filesystem_free_bytes{device="/dev/sda1",fstype="ext4",mountpoint="/"} 6e+11
node_filesystem_avail_bytes{device="/dev/sda1",fstype="ext4",mountpoint="/"} 5.5e+11
node_filesystem_files{device="/dev/sda1",fstype="ext4",mountpoint="/"} 6.5e+07
node_filesystem_files_free{device="/dev/sda1",fstype="ext4",mountpoint="/"} 6e+07
node_filesystem_readonly{device="/dev/sda1",fstype="ext4",mountpoint="/"} 0
node_filesystem_size_bytes{device="tmpfs",fstype="tmpfs",mountpoint="/run"} 8e+08
node_forks_total ${seconds * 3}
node_hwmon_chip_names{chip="platform_coretemp_0",chip_name="coretemp"} 1
node_hwmon_sensor_label{chip="platform_coretemp_0",label="Package id 0",sensor="temp1"} 1
node_hwmon_temp_celsius{chip="platform_coretemp_0",sensor="temp1"} 51.5
node_hwmon_temp_crit_celsius{chip="platform_coretemp_0",sensor="temp1"} 100
node_load1 0.5
node_load5 0.4
node_load15 0.3
node_memory_MemTotal_bytes 8e+09
node_memory_MemFree_bytes 2e+09
node_memory_MemAvailable_bytes 6e+09
node_memory_Buffers_bytes 1e+08
node_memory_Cached_bytes 3e+09
node_memory_SReclaimable_bytes 1e+08
node_memory_SwapTotal_bytes 1e+09
node_memory_SwapFree_bytes 9e+08
node_netstat_Tcp_CurrEstab 12
node_netstat_Tcp_RetransSegs ${seconds * 2}
node_network_info{address="52:54:00:12:34:56",device="eth0",operstate="up"} 1
node_network_speed_bytes{device="eth0"} 1.25e+08
node_network_receive_bytes_total{device="eth0"} ${seconds * 5000}
node_network_transmit_bytes_total{device="eth0"} ${seconds * 2500}
node_network_receive_bytes_total{device="veth12"} ${seconds * 10}
node_network_receive_bytes_total{device="lo"} ${seconds}
node_os_info{id="debian",name="Debian GNU/Linux",pretty_name="Debian GNU/Linux 12 (bookworm)",version="12 (bookworm)"} 1
node_pressure_io_waiting_seconds_total ${seconds * 0.05}
node_pressure_io_stalled_seconds_total ${seconds * 0.02}
node_procs_running 2
node_procs_blocked 0
node_uname_info{domainname="(none)",machine="x86_64",nodename="rack-7",release="6.1.0-18-amd64",sysname="Linux",version="#1 SMP"} 1
node_vmstat_pswpin ${seconds}
node_vmstat_pswpout 0
`;
}

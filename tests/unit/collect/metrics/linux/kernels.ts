/** What /proc says on kernels of several ages, cut to what matters. */

/** Linux 6.1 on x86, two cores, a guest running. */
export const modern = {
  'proc/stat': `cpu  8599 10 5695 202612 488 3 95 49 700 5
cpu0 3780 4 2411 102522 29 1 16 22 300 2
cpu1 4819 6 3284 100090 459 2 79 27 400 3
intr 569558 0 0 0 0 26 1 1 15
ctxt 1492766
btime 1795223002
processes 11119
procs_running 3
procs_blocked 1
softirq 216081 0 23857 4 20023 71641 0 4 54936 0 45616
`,
  'proc/meminfo': `MemTotal:       24684084 kB
MemFree:        23876956 kB
MemAvailable:   24108520 kB
Buffers:            1860 kB
Cached:           480120 kB
SwapCached:           77 kB
Active:           301796 kB
SwapTotal:       1048572 kB
SwapFree:        1000000 kB
Dirty:               332 kB
Writeback:             0 kB
Shmem:             12345 kB
Slab:             112000 kB
SReclaimable:      43112 kB
SUnreclaim:        68888 kB
`,
  'proc/vmstat':
    'nr_free_pages 5969239\nnr_dirty 83\npgpgin 1416357\npgpgout 2457784\npswpin 12\npswpout 345\n',
  'proc/loadavg': '0.34 12.06 0.25 1/467 12345\n',
  'proc/pressure/cpu':
    'some avg10=0.00 avg60=0.36 avg300=0.25 total=1234567\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=17\n',
  'proc/pressure/memory':
    'some avg10=0.00 avg60=0.00 avg300=0.00 total=90\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=80\n',
  'proc/pressure/io':
    'some avg10=0.00 avg60=0.00 avg300=0.00 total=7000\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=6000\n',
  'proc/diskstats': `   7       0 loop0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
 259       0 nvme0n1 41004 8269 2832714 24860 35386 50159 4915568 18407 2 8484 44091 9993 16 325680 647 5004 176
 259       1 nvme0n1p1 300 0 4000 20 1 0 8 0 0 20 20 0 0 0 0 0 0
 253       0 dm-0 500 0 8000 40 9 0 64 5 0 40 45 0 0 0 0 0 0
`,
  'proc/net/dev': `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:    3193      29    0    0    0     0          0         0     3193      29    0    0    0     0       0          0
  eth0: 563433642   15268    1    2    3     4          5         6  1316670   10199    7    8    9    10      11         12
wg0.40:     100       1    0    0    0     0          0         0      200       2    0    0    0     0       0          0
`,
  'proc/net/snmp': `Ip: Forwarding DefaultTTL InReceives
Ip: 1 64 25000
Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens AttemptFails EstabResets CurrEstab InSegs OutSegs RetransSegs InErrs OutRsts InCsumErrors
Tcp: 1 200 120000 -1 91 2 0 0 17 15171 10096 33 0 160 0
Udp: InDatagrams NoPorts
Udp: 5 6
`,
  'proc/cpuinfo': `processor\t: 0
model name\t: AMD EPYC 7763 64-Core Processor
cpu MHz\t\t: 2596.150
flags\t\t: fpu vme de pse tsc hypervisor lahf_lm

processor\t: 1
model name\t: AMD EPYC 7763 64-Core Processor
cpu MHz\t\t: 2400.050
flags\t\t: fpu vme de pse tsc hypervisor lahf_lm
`,
  'sys/block/loop0/size': '0\n',
  'sys/block/nvme0n1/size': '528424960\n',
  'sys/block/nvme0n1/device/model': 'disk\n',
  'sys/block/dm-0/size': '1000\n',
  'sys/class/net/eth0/device/vendor': '0x1af4\n',
};

/** Linux 2.6.32: no steal of guests in nice, no MemAvailable, no PSI, eleven disk fields, no space after the colon. */
export const ancient = {
  'proc/stat': `cpu  100 0 50 800 50 0 0
cpu0 100 0 50 800 50 0 0
intr 1 2
ctxt 4000
btime 1400000000
processes 90
procs_running 1
procs_blocked 0
`,
  'proc/meminfo': `MemTotal:        1000 kB
MemFree:          100 kB
Buffers:           50 kB
Cached:           300 kB
SwapTotal:          0 kB
SwapFree:           0 kB
Shmem:             20 kB
SReclaimable:      30 kB
`,
  'proc/loadavg': '1.00 2.00 3.00 1/80 90\n',
  'proc/diskstats': `   8       0 sda 10 1 80 4 20 2 160 8 0 12 12
   8       1 sda1 10 1 80 4
`,
  'proc/net/dev': `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
  eth0:4294967290 7 0 0 0 0 0 0 5000 8 0 0 0 0 0 0
`,
  'sys/block/sda/size': '1000\n',
  'sys/block/sda/device/model': 'disk\n',
};

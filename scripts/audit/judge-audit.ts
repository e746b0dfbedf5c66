/** What `npm audit --json` found, weighed against the exceptions that people have written down. */
import * as z from 'zod/mini';

/** `.ci/audit-exceptions.json`: advisories that are known and do no harm here. */
export const auditExceptions = z.array(
  z.strictObject({
    /** "GHSA-xxxx-xxxx-xxxx" */
    advisory: z.string().check(z.regex(/^GHSA(-[a-z0-9]{4}){3}$/)),
    package: z.string().check(z.minLength(1)),
    /** Why it does no harm here, so that somebody else can judge whether that still holds. */
    reason: z.string().check(z.minLength(20)),
    /** The day from which it counts again: "2027-01-31". */
    expires: z.iso.date(),
  }),
);
export type AuditException = z.infer<typeof auditExceptions>[number];

const finding = z.object({ url: z.string(), title: z.string(), severity: z.string(), name: z.string() });

/** Version 2 of the report; of `via` the strings only say which other entry is meant. */
const report = z.object({
  auditReportVersion: z.literal(2),
  vulnerabilities: z.record(z.string(), z.object({ via: z.array(z.union([z.string(), finding])) })),
});

export interface AuditVerdict {
  /** Null: the advisories were read. Else why not, one sentence. */
  unreachable: string | null;
  /** One line for each thing that has to be dealt with. */
  faults: string[];
  /** One line for each exception that holds. */
  excepted: string[];
}

/** `today` as "2026-11-21". An exception that has expired, or that nothing needs any more, is a fault too. */
export function judgeAudit(
  output: string,
  exceptions: readonly AuditException[],
  today: string,
): AuditVerdict {
  const parsed = report.safeParse(jsonOf(output));
  if (!parsed.success) return { unreachable: whyUnreachable(output), faults: [], excepted: [] };
  const found = new Map<string, { line: string; package: string }>();
  for (const { via } of Object.values(parsed.data.vulnerabilities)) {
    for (const each of via) {
      if (typeof each === 'string') continue;
      const advisory = each.url.split('/').at(-1)!;
      found.set(`${advisory} ${each.name}`, {
        line: `${each.name}: ${each.title} (${each.severity}, ${each.url})`,
        package: each.name,
      });
    }
  }
  const verdict: AuditVerdict = { unreachable: null, faults: [], excepted: [] };
  for (const exception of exceptions) {
    const key = `${exception.advisory} ${exception.package}`;
    if (!found.delete(key))
      verdict.faults.push(`${key}: nothing needs this exception any more. Take it out.`);
    else if (exception.expires <= today)
      verdict.faults.push(
        `${key}: the exception expired on ${exception.expires}. Update the package, or judge it anew.`,
      );
    else verdict.excepted.push(`${key}, until ${exception.expires}: ${exception.reason}`);
  }
  verdict.faults.push(...Array.from(found.values(), ({ line }) => line));
  return verdict;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Registries that mirror packages often answer no audits, and a machine may have no network at all. */
function whyUnreachable(output: string): string {
  const { message, error } = (jsonOf(output) ?? {}) as { message?: string; error?: { summary?: string } };
  const why = message ?? error?.summary;
  return why ? why.slice(0, 200) : 'npm audit gave no report';
}

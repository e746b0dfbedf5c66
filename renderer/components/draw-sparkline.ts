/** Draws a sparkline: a line over a quiet area, broken where nothing was measured. */

export interface SparklineTrace {
  times: Float64Array;
  /** NaN where unknown. */
  values: Float64Array;
  colour: string;
}

export interface SparklineFrame {
  /** CSS pixels. */
  width: number;
  height: number;
  from: number;
  to: number;
  /** Top of the scale; the bottom is always 0. */
  max: number;
  /** Longer distances between two samples, in ms, are gaps and not bridged. */
  gapMs: number;
  /** Of the line, in CSS pixels. */
  lineWidth: number;
}

const areaOpacity = 0.12;

export function drawSparkline(
  context: CanvasRenderingContext2D,
  frame: SparklineFrame,
  traces: readonly SparklineTrace[],
): void {
  const { width, height, from, to, max, lineWidth } = frame;
  context.clearRect(0, 0, width, height);
  context.lineJoin = 'round';
  context.lineCap = 'round';
  context.lineWidth = lineWidth;
  const x = (time: number) => ((time - from) / (to - from)) * width;
  // Half a line of room at both edges, so that 0 and the peak are whole lines.
  const room = height - lineWidth * 2;
  const y = (value: number) => height - lineWidth - (Math.min(value, max) / (max || 1)) * room;

  for (const trace of traces) {
    context.strokeStyle = trace.colour;
    context.fillStyle = trace.colour;
    for (const [first, last] of stretches(trace, frame.gapMs)) {
      const line = new Path2D();
      line.moveTo(x(trace.times[first]!), y(trace.values[first]!));
      // A single sample is still seen: as a dot, the round cap of a line without length.
      if (first === last) line.lineTo(x(trace.times[first]!), y(trace.values[first]!));
      for (let row = first + 1; row <= last; row++) line.lineTo(x(trace.times[row]!), y(trace.values[row]!));
      const area = new Path2D(line);
      area.lineTo(x(trace.times[last]!), height);
      area.lineTo(x(trace.times[first]!), height);
      context.globalAlpha = areaOpacity;
      context.fill(area);
      context.globalAlpha = 1;
      context.stroke(line);
    }
  }
}

/** Runs of known samples without a gap, as [first, last] rows. */
function* stretches({ times, values }: SparklineTrace, gapMs: number): Generator<[number, number]> {
  let first = -1;
  for (let row = 0; row < times.length; row++) {
    const isKnown = !Number.isNaN(values[row]!);
    const follows = first >= 0 && times[row]! - times[row - 1]! <= gapMs;
    if (first >= 0 && (!isKnown || !follows)) {
      yield [first, row - 1];
      first = -1;
    }
    if (isKnown && first < 0) first = row;
  }
  if (first >= 0) yield [first, times.length - 1];
}

/** What the benchmark uses of the npm package `tail-file`, which has no types. */
declare module 'tail-file' {
  export default class TailFile {
    constructor(file: string);
    on(event: 'line', listener: (line: string) => void): this;
    startP(): Promise<void>;
  }
}

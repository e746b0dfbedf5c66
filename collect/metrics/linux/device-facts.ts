/** What is known of a device besides its counters, asked of /sys when it shows up and again once in a while. */

/** Facts are asked again at every so many readings: loop devices get and lose their files. */
const READINGS_BETWEEN_LOOKS = 60;

export class DeviceFacts<Facts> {
  readonly #look: (device: string) => Facts;
  readonly #known = new Map<string, Facts>();
  #readings = 0;

  constructor(look: (device: string) => Facts) {
    this.#look = look;
  }

  /** Called once per reading, before `of`. */
  nextReading(): void {
    this.#readings++;
    if (this.#readings % READINGS_BETWEEN_LOOKS === 0) this.#known.clear();
  }

  of(device: string): Facts {
    const known = this.#known.get(device);
    if (known !== undefined) return known;
    const facts = this.#look(device);
    this.#known.set(device, facts);
    return facts;
  }
}

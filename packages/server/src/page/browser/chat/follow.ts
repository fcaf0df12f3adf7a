// Keeps the end of the transcript in view until the reader scrolls up, and again once they scroll back down.
import { iconButton } from '../frame/icon.ts';

/** Browsers round scroll positions. */
const NEAR_PX = 8;

export class Follow {
  /** Scrolls to the end; hidden while the end is in view. */
  readonly button: HTMLButtonElement = iconButton('down', 'To the end', {
    class: 'to-end',
    hidden: true,
    'data-testid': 'to-end',
    onClick: () => {
      this.toEnd();
      this.#log.focus({ preventScroll: true });
    },
  });
  readonly #log: HTMLElement;
  #isFollowing = true;
  #lastTop = 0;
  #lastHeight = 0;

  /** `log` is the scrolling element, and `content` the growing one inside it. */
  constructor(log: HTMLElement, content: HTMLElement) {
    this.#log = log;
    log.addEventListener('scroll', () => this.#scrolled());
    // Covers new text, and a window or composer that changes its height.
    const observer = new ResizeObserver(() => this.#grown());
    observer.observe(content);
    observer.observe(log);
  }

  /** Scrolls to the end and follows it again. */
  toEnd(): void {
    this.#isFollowing = true;
    this.#grown();
  }

  get #distance(): number {
    const { scrollHeight, scrollTop, clientHeight } = this.#log;
    return scrollHeight - scrollTop - clientHeight;
  }

  /** The position moves up only when the reader scrolls or the content gets shorter. */
  #scrolled(): void {
    const { scrollTop, scrollHeight } = this.#log;
    const isUpwards = scrollTop < this.#lastTop && scrollHeight >= this.#lastHeight;
    if (isUpwards && this.#distance > 1) this.#isFollowing = false;
    else if (this.#distance <= NEAR_PX) this.#isFollowing = true;
    this.#noted();
  }

  #grown(): void {
    if (this.#isFollowing) this.#log.scrollTop = this.#log.scrollHeight;
    this.#noted();
  }

  #noted(): void {
    this.#lastTop = this.#log.scrollTop;
    this.#lastHeight = this.#log.scrollHeight;
    this.button.hidden = this.#isFollowing || this.#distance <= NEAR_PX;
  }
}

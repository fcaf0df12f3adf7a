// A snippet with a Run button: the code can be edited, and its output appears below, as the program writes it.
import { withBase } from 'vitepress';
import { defineComponent, h, nextTick, onUnmounted, ref, type VNode } from 'vue';
import { type Program, withEdit } from '../../../src/run/program.ts';
import { startProgram } from '../../../src/run/runner.ts';
import { handleKeys } from './editor-keys.ts';

type State = 'idle' | 'running' | 'done' | 'failed' | 'stopped';

const WORDS: Readonly<Record<State, string>> = {
  idle: '',
  running: 'Running',
  done: 'Done',
  failed: 'Failed',
  stopped: 'Stopped',
};

export const RunnableCode = defineComponent({
  props: { program: { type: String, required: true } },
  setup(props, { slots }) {
    const program = JSON.parse(decodeURIComponent(props.program)) as Program;
    const code = ref(program.code);
    const isEditing = ref(false);
    const state = ref<State>('idle');
    const output = ref('');
    const editor = ref<HTMLTextAreaElement | null>(null);
    let stop = (): void => {};
    onUnmounted(() => stop());

    const end = (as: State): void => {
      stop();
      state.value = as;
    };
    const run = (): void => {
      stop();
      output.value = '';
      state.value = 'running';
      const { entry, shown } = program;
      stop = startProgram(
        withBase('/run/worker.js'),
        { entry, shown, files: withEdit(program, code.value) },
        (said) => {
          if (said.kind === 'text') output.value += said.text;
          else if (said.kind === 'failed')
            output.value += `${/(?:^|\n)$/.test(output.value) ? '' : '\n'}${said.message}\n`;
          if (said.kind !== 'text') end(said.kind);
        },
      );
    };
    const edit = async (): Promise<void> => {
      isEditing.value = true;
      await nextTick();
      editor.value?.focus();
    };
    const reset = (): void => {
      code.value = program.code;
      isEditing.value = false;
    };
    const textarea = (): VNode =>
      h('textarea', {
        ref: editor,
        value: code.value,
        rows: code.value.split('\n').length,
        spellcheck: false,
        autocapitalize: 'off',
        autocomplete: 'off',
        'aria-label': 'Code. Control and Enter runs it; Escape, then Tab leaves.',
        onInput: (event: Event) => (code.value = (event.target as HTMLTextAreaElement).value),
        onKeydown: (event: KeyboardEvent) => handleKeys(event, run),
      });
    const button = (name: string, label: string, onClick: () => unknown): VNode =>
      h('button', { type: 'button', class: name, 'data-testid': name, onClick }, label);
    const bar = (): VNode =>
      h('div', { class: 'run-bar' }, [
        state.value === 'running' ? button('stop', 'Stop', () => end('stopped')) : button('run', 'Run', run),
        isEditing.value ? button('reset', 'Reset', reset) : button('edit', 'Edit', edit),
        h('span', { class: 'run-state', role: 'status' }, WORDS[state.value]),
        h('span', { class: 'run-where' }, 'in this tab, with the demo model'),
      ]);
    return () =>
      h('div', { class: 'runnable', 'data-testid': 'runnable', 'data-state': state.value }, [
        isEditing.value ? textarea() : slots['default']?.(),
        bar(),
        state.value === 'idle'
          ? null
          : h(
              'pre',
              { class: 'run-output', 'data-testid': 'output', tabindex: 0, 'aria-label': 'Output' },
              output.value,
            ),
      ]);
  },
});

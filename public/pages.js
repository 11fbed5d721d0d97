/* What moves on pages that are read (scenarios, reference, kept reports), without a framework. */
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const tidy = (text) =>
    text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_]+/gu, ' ')
      .trim();

  /* The reader's last runs of scenarios, as `keepScenarioRun` of lib/guide/storage.ts keeps them in this browser. */
  const lastRuns = () => {
    try {
      const kept = JSON.parse(localStorage.getItem('authwalk.scenario-runs') ?? '[]');
      return kept.filter((one) => typeof one?.scenario === 'string' && Array.isArray(one.verdicts));
    } catch {
      return [];
    }
  };
  const runWords = { pass: 'pass', fail: 'fail', warn: 'warning', unseen: 'not observed' };

  /* In the list of scenarios: how the last run of each ended, and filters for it. */
  for (const filters of all('[data-runs]')) {
    const ended = new Map(
      lastRuns().map(({ scenario, verdicts }) => [
        scenario,
        ['fail', 'warn', 'pass'].find((mark) => verdicts.some(([, one]) => one === mark)) ?? 'unseen',
      ]),
    );
    if (ended.size === 0) continue;
    const count = {};
    for (const cell of all('[data-run]')) {
      const mark = ended.get(cell.dataset.run);
      const item = cell.closest('li');
      item.dataset.tags += ` run-${mark ?? 'none'}`;
      count[mark ?? 'none'] = (count[mark ?? 'none'] ?? 0) + 1;
      const sign = mark && document.querySelector(`template[data-mark="${mark}"]`);
      if (!sign) continue;
      const drawn = sign.content.firstElementChild.cloneNode(true);
      drawn.setAttribute('aria-hidden', 'true');
      cell.append(drawn, runWords[mark]);
    }
    for (const cell of all('[data-runs-of]')) cell.textContent = String(count[cell.dataset.runsOf] ?? 0);
    filters.closest('main').classList.add('ran');
    filters.hidden = false;
  }

  /* A list that is searched and filtered where it stands. */
  for (const field of all('input[data-find]')) {
    const list = document.getElementById(field.dataset.find);
    const items = all('[data-words]', list).map((item) => ({
      item,
      words: ` ${tidy(`${item.textContent} ${item.dataset.words}`)}`,
    }));
    const synonyms = JSON.parse(field.dataset.synonyms ?? '{}');
    const filters = all('input[data-filter]');
    const said = document.querySelector('[data-found]');
    const none = document.querySelector('[data-none]');
    const show = () => {
      const sought = tidy(field.value)
        .split(' ')
        .filter(Boolean)
        .map((word) => [word, ...(synonyms[word] ?? '').split(' ').filter(Boolean)]);
      const kept = filters.filter((filter) => filter.checked).map((filter) => filter.dataset.filter);
      let count = 0;
      for (const { item, words } of items) {
        const tags = (item.dataset.tags ?? '').split(' ');
        const fits =
          kept.every((tag) => tags.includes(tag)) && sought.every((some) => some.some((word) => words.includes(word)));
        item.hidden = !fits;
        if (fits) count += 1;
      }
      for (const group of all('[data-group]', list))
        group.hidden = all('[data-words]', group).every((item) => item.hidden);
      if (said) said.textContent = String(count);
      if (none) none.hidden = count > 0;
    };
    field.addEventListener('input', show);
    for (const filter of filters) filter.addEventListener('change', show);
    const asked = new URLSearchParams(location.search).get('q');
    if (asked) field.value = asked;
    show();
  }
  /* The search of the reference: an index that sends on from a reader's word to the specification's. */
  for (const field of all('input[data-search]')) {
    const box = document.getElementById('found');
    const see = document.querySelector('[data-see]');
    const count = document.querySelector('[data-count]');
    const rank = ['endpoint', 'error', 'parameter', 'rule', 'knob', 'scenario', 'reason', 'requirement'];
    let index = null;
    let at = 0;
    const load = () => {
      index ??= fetch(field.dataset.search)
        .then((answer) => answer.json())
        .then((read) => ({
          see: read.see,
          entries: read.entries.map((entry) => ({ entry, text: ` ${tidy(`${entry[1]} ${entry[2]}`)}` })),
        }));
      return index;
    };
    const mark = (next) => {
      const options = all('[role=option]', box);
      at = (next + options.length) % options.length;
      for (const [place, option] of options.entries()) option.setAttribute('aria-selected', String(place === at));
      field.setAttribute('aria-activedescendant', options[at].id);
      options[at].scrollIntoView({ block: 'nearest' });
    };
    const close = () => {
      box.hidden = true;
      see.hidden = true;
      field.setAttribute('aria-expanded', 'false');
      field.removeAttribute('aria-activedescendant');
    };
    const find = async () => {
      const sought = tidy(field.value);
      if (sought === '') {
        close();
        return;
      }
      const { see: words, entries } = await load();
      if (tidy(field.value) !== sought) return;
      const term = words[sought];
      see.replaceChildren();
      see.hidden = term === undefined;
      if (term !== undefined) {
        const strong = document.createElement('b');
        strong.textContent = term;
        see.append(`${sought}, see `, strong, '. That is what the specifications call it.');
      }
      const parts = (term ?? sought).split(' ');
      const hits = entries
        .filter(({ text }) => parts.every((part) => text.includes(` ${part}`) || text.includes(part)))
        .sort(
          (a, b) =>
            rank.indexOf(a.entry[0]) - rank.indexOf(b.entry[0]) ||
            Number(b.text.startsWith(` ${parts[0]}`)) - Number(a.text.startsWith(` ${parts[0]}`)),
        );
      box.replaceChildren(
        ...hits.slice(0, 24).map(({ entry: [kind, text, place, href] }, number) => {
          const link = document.createElement('a');
          link.href = href;
          link.id = `hit-${number}`;
          link.tabIndex = -1;
          link.setAttribute('role', 'option');
          for (const words of [kind, text.replaceAll('`', ''), place]) {
            const cell = document.createElement('span');
            cell.textContent = words;
            link.append(cell);
          }
          return link;
        }),
      );
      box.hidden = hits.length === 0;
      field.setAttribute('aria-expanded', String(hits.length > 0));
      count.textContent = hits.length === 1 ? '1 result' : `${hits.length} results`;
      if (hits.length > 0) mark(0);
    };
    field.addEventListener('focus', load, { once: true });
    field.addEventListener('input', find);
    field.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
        field.value = '';
        close();
        return;
      }
      if (box.hidden) return;
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        mark(at + (event.key === 'ArrowDown' ? 1 : -1));
      }
      if (event.key === 'Enter') {
        event.preventDefault();
        all('[role=option]', box)[at]?.click();
        close();
      }
    });
    document.addEventListener('click', (event) => {
      if (!event.target.closest?.('.ref-find')) close();
    });
  }
  /* An address of the reference from before it had pages: on to the place itself. */
  const onward = () => {
    if (!document.querySelector('[data-index]') || location.hash.length < 2) return;
    const entry = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (entry?.tagName === 'A') location.replace(entry.href);
  };
  onward();
  addEventListener('hashchange', onward);

  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.target.closest?.('input, textarea, select'))
      return;
    const field = document.querySelector('input[type=search]');
    if (field) {
      event.preventDefault();
      field.focus();
    }
  });

  /* A request of the reference: the form is loaded when somebody asks for it. */
  document.addEventListener('click', async (event) => {
    const button = event.target.closest?.('[data-try]');
    if (!button) return;
    const { toggle } = await import('/try.js');
    await toggle(button);
  });

  /* Copies the text of an element. */
  document.addEventListener('click', async (event) => {
    const button = event.target.closest?.('[data-copy]');
    if (!button) return;
    const from = button.dataset.copy ? document.getElementById(button.dataset.copy) : null;
    let words = 'Copied';
    try {
      await navigator.clipboard.writeText(from ? from.textContent.trim() : location.href);
    } catch {
      words = 'The browser did not allow it';
    }
    button.dataset.said = words;
    const say = button.querySelector('[role=status]');
    if (say) say.textContent = words;
    setTimeout(() => {
      delete button.dataset.said;
      if (say) say.textContent = '';
    }, 1600);
  });

  /* Views of one thing. */
  const choose = (tab) => {
    for (const other of all('[role=tab]', tab.parentElement)) {
      const chosen = other === tab;
      other.setAttribute('aria-selected', String(chosen));
      other.tabIndex = chosen ? 0 : -1;
      document.getElementById(other.getAttribute('aria-controls')).hidden = !chosen;
    }
  };
  for (const list of all('[role=tablist]')) {
    list.addEventListener('click', (event) => {
      const tab = event.target.closest('[role=tab]');
      if (tab) choose(tab);
    });
    list.addEventListener('keydown', (event) => {
      const tabs = all('[role=tab]', list);
      const here = tabs.indexOf(event.target);
      const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: tabs.length - 1 }[event.key];
      if (here < 0 || to === undefined) return;
      event.preventDefault();
      const next = tabs[(to + tabs.length) % tabs.length];
      choose(next);
      next.focus();
    });
  }

  /* On the page of a scenario: each verdict of the last run. */
  for (const section of all('[data-last-run]')) {
    const run = lastRuns().find((one) => one.scenario === section.dataset.lastRun);
    if (!run) continue;
    const when = new Date(run.at);
    const words = Number.isNaN(when.getTime())
      ? ''
      : `, ${when.toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })}`;
    section.querySelector('[data-last-of]').textContent = `${run.client}${words}`;
    const page = section.querySelector('[data-last-page]');
    if (/^\/(?:sandbox|plans)\/[\w-]+$/.test(run.page)) page.href = run.page;
    else page.hidden = true;
    section.querySelector('ul').replaceChildren(
      ...run.verdicts.flatMap(([title, mark]) => {
        const sign = section.querySelector(`template[data-mark="${CSS.escape(mark)}"]`);
        if (!sign) return [];
        const item = document.createElement('li');
        const text = document.createElement('span');
        const said = document.createElement('span');
        text.textContent = String(title).replaceAll('`', '');
        said.className = 'tiny dim';
        said.textContent = runWords[mark] ?? runWords.unseen;
        const drawn = sign.content.firstElementChild.cloneNode(true);
        // The word beside it says the same.
        drawn.removeAttribute('role');
        drawn.removeAttribute('aria-label');
        drawn.setAttribute('aria-hidden', 'true');
        item.append(drawn, text, said);
        return [item];
      }),
    );
    section.hidden = false;
  }

  /* Makes a sandbox in a scenario, keeps its control token in this browser, and goes there. */
  const start = async (button) => {
    const said = document.querySelector('[data-trouble]');
    button.setAttribute('aria-busy', 'true');
    try {
      const answer = await fetch(button.dataset.plan === undefined ? '/api/sandboxes' : '/api/plans', {
        method: 'POST',
        credentials: 'omit',
        cache: 'no-store',
        headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
        body: JSON.stringify(
          button.dataset.plan === undefined ? { scenario: button.dataset.start } : { address: 'one' },
        ),
      });
      const made = await answer.json();
      if (!answer.ok) throw new Error(made.error_description ?? `The server answered ${answer.status}.`);
      if (button.dataset.plan !== undefined) {
        location.assign(`/plans/${made.id}#control=${made.control_token}`);
        return;
      }
      try {
        const kept = JSON.parse(localStorage.getItem('authwalk.sandboxes') ?? '[]');
        const list = [{ id: made.id, token: made.control_token, at: Date.now() }, ...(Array.isArray(kept) ? kept : [])];
        localStorage.setItem('authwalk.sandboxes', JSON.stringify(list.slice(0, 30)));
        location.assign(`/sandbox/${made.id}`);
      } catch {
        location.assign(`/sandbox/${made.id}#control=${made.control_token}`);
      }
    } catch (error) {
      button.removeAttribute('aria-busy');
      if (said) {
        said.className = 'trouble';
        said.textContent = error.message;
      }
    }
  };
  document.addEventListener('click', (event) => {
    const button = event.target.closest?.('[data-start], [data-plan]');
    if (button && button.getAttribute('aria-busy') !== 'true') start(button);
    if (event.target.closest?.('[data-print]')) print();
  });
  document.addEventListener('keydown', (event) => {
    const button = document.querySelector('.go[data-start]');
    if (event.key === 'Enter' && !event.repeat && event.target === document.body && button) start(button);
  });
  addEventListener('pageshow', () => {
    for (const button of all('[aria-busy]')) button.removeAttribute('aria-busy');
  });
})();

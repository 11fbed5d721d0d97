/*
 * "Try it" of the reference: a form for one operation, filled from a sandbox of the reader, that sends the real request
 * and shows the answer. Loaded when somebody opens the first form. It asks this server only, without cookies.
 */
import { bodyText, hint, placeOf, readBounded, requestLines, requestOf } from './try-request.js';
import {
  askControl,
  desk,
  keepSandbox,
  keptSandboxes,
  learnPlace,
  makeSandbox,
  placeNow,
  placeOrNull,
  recall,
  remember,
  send,
} from './try-sandbox.js';
import { bearerFor, bodyFor, learn, newTrace, valueFor } from './try-values.js';

/** ms that an answer may take. */
const PATIENCE = 15_000;

const panels = new Set();

function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties))
    if (key.includes('-') || key === 'for' || key === 'role') made.setAttribute(key, value);
    else made[key] = value;
  made.append(...children);
  return made;
}

async function chooseSandbox(text) {
  desk.typed = text;
  const place = placeOrNull();
  // A token that came with the address is kept, and does not stay in sight.
  if (place?.token && text.includes('#control=')) {
    keepSandbox(place);
    desk.typed = place.base;
  }
  for (const panel of panels) if (panel.place && panel.place.value !== desk.typed) panel.place.value = desk.typed;
  await learnPlace();
  for (const panel of panels) fill(panel);
}

/** Fills what is empty, or was filled before and left as it was. */
function fill(panel) {
  const place = placeOrNull();
  const put = (control, text) => {
    if (control.value !== '' && control.value !== control.dataset.filled) return;
    control.value = text;
    control.dataset.filled = control.value;
  };
  const inOrder = [...panel.fields].sort(
    ([a], [b]) => Number(b.name === 'grant_type') - Number(a.name === 'grant_type'),
  );
  for (const [field, control] of inOrder)
    put(control, valueFor(panel.form, field, place, desk.known, panel.grant?.value) ?? '');
  put(panel.bearer, bearerFor(panel.form, place, desk.known));
}

const row = (id, label, note, control, wide = false) =>
  element(
    'div',
    { className: wide ? 'try-row wide' : 'try-row' },
    element('label', { for: id, className: 'm' }, label),
    control,
    ...(note ? [element('small', { id: `${id}-note` }, note)] : []),
  );

function controlOf(field, id) {
  const shared = { id, name: `${field.in}.${field.name}`, autocomplete: 'off', spellcheck: false };
  const words = field.schema.enum ?? (field.schema.type === 'boolean' ? [true, false] : null);
  if (words !== null) {
    const options = words.map((word) => element('option', { value: String(word) }, String(word)));
    return element('select', shared, element('option', { value: '' }, 'not sent'), ...options);
  }
  const long = field.schema.$ref !== undefined || ['object', 'array'].includes(field.schema.type);
  return long ? element('textarea', { ...shared, rows: 2 }) : element('input', { ...shared, type: 'text' });
}

function fieldRow(field, id) {
  const control = controlOf(field, id);
  const place = field.in === 'path' ? 'part of the address' : field.in === 'header' ? 'header' : '';
  const note = [field.required ? 'required' : '', place, hint(field.schema)].filter(Boolean).join(', ');
  if (note) control.setAttribute('aria-describedby', `${id}-note`);
  return [control, row(id, field.name, note, control, control.tagName === 'TEXTAREA')];
}

function sandboxRow(panel, id) {
  const list = element('datalist', { id: `${id}-kept` });
  for (const one of keptSandboxes()) list.append(element('option', { value: `${location.origin}/s/${one.id}` }));
  panel.place = element('input', { id, type: 'text', value: desk.typed, autocomplete: 'off', spellcheck: false });
  panel.place.setAttribute('list', list.id);
  const make = element('button', { type: 'button', className: 'btn' }, 'Make a sandbox');
  panel.place.addEventListener('change', () => chooseSandbox(panel.place.value));
  make.addEventListener('click', () => busy(panel, make, () => takeSandbox(panel)));
  return element(
    'div',
    { className: 'try-row wide' },
    element('label', { for: id }, 'Address of a sandbox'),
    element('span', { className: 'try-place' }, panel.place, make),
    list,
  );
}

async function takeSandbox(panel) {
  await chooseSandbox(await makeSandbox());
  panel.said.textContent = 'A sandbox was made. This browser keeps its control token.';
}

/** Does something that takes a while, once at a time; what goes wrong is said. */
async function busy(panel, button, work) {
  if (button.getAttribute('aria-busy') === 'true') return;
  button.setAttribute('aria-busy', 'true');
  panel.said.className = 'try-said';
  try {
    await work();
  } catch (error) {
    panel.said.className = 'try-said trouble';
    panel.said.textContent = error.name === 'TypeError' ? 'The server cannot be reached.' : error.message;
  }
  button.removeAttribute('aria-busy');
}

const figure = (title, text) =>
  element(
    'figure',
    {},
    element('figcaption', {}, title),
    element('pre', { className: 'm', tabIndex: 0, role: 'region', 'aria-label': title }, text),
  );

/** An answer as it came: status, the headers that a page can read, the body up to a bound. */
async function readAnswer(answer) {
  if (answer.type === 'opaqueredirect')
    return { status: 'A redirect', text: '', shown: 'A page cannot read where it leads to. The record shows it.' };
  const { text, cut } = await readBounded(answer.body);
  const headers = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
  const more = cut ? '\n… The rest is not shown.' : '';
  const status = `${answer.status} ${answer.statusText}`.trim();
  return { status, text, shown: `${status}\n${headers}\n\n${bodyText(text)}${more}` };
}

async function sendForm(panel) {
  const { form } = panel;
  if (panel.place && panel.place.value !== desk.typed) await chooseSandbox(panel.place.value);
  const place = panel.place ? placeNow() : null;
  const trace = form.recorded ? newTrace() : null;
  const request = requestOf(form, location.origin, place, {
    address: panel.address?.value ?? form.addresses[0],
    values: {
      ...Object.fromEntries(panel.fields.map(([, control]) => [control.name, control.value])),
      ...(form.sandbox === null ? {} : { [`path.${form.sandbox}`]: placeOf(desk.typed, location.origin).id }),
    },
    bearer: panel.bearer.value,
    extra: panel.extra.value,
    trace: trace?.header ?? null,
  });
  const timer = AbortSignal.timeout(PATIENCE);
  const began = performance.now();
  const { method, headers, body } = request;
  let read;
  try {
    read = await readAnswer(await send(request.url, { method, headers, body, signal: timer }));
  } catch (error) {
    if (!timer.aborted) throw error;
    throw new Error(`No answer within ${PATIENCE / 1000} s.`);
  }
  const took = Math.round(performance.now() - began);
  learn(desk.known, read.text);
  remember();
  panel.said.textContent = `${read.status} in ${took} ms`;
  panel.result.replaceChildren(figure('Request', requestLines(request)), figure('Answer', read.shown));
  for (const one of panels) fill(one);
  if (place !== null && trace !== null) linkLater(panel.result, place, trace.id);
}

/** Adds the link when the record has the exchange. Nobody waits for it: the form can be sent again before. */
function linkLater(result, place, trace) {
  const room = element('p', { className: 'ui' });
  result.append(room);
  exchangeLink(place, trace).then((parts) => room.append(...parts));
}

/**
 * What links to the exchange in the sandbox's page. The record is written after the answer: it is asked for again.
 */
async function exchangeLink(place, trace) {
  const page = `/sandbox/${place.id}`;
  for (let tries = 0; tries < 4; tries += 1) {
    const { exchanges = [] } = await askControl(place, '/exchanges').catch(() => ({}));
    const found = exchanges.findLast((one) => one.traceId === trace);
    if (found) {
      const words = `Exchange ${found.seq} in the sandbox’s page`;
      return [element('a', { href: `${page}#exchange-${found.seq}` }, words)];
    }
    await new Promise((resolve) => setTimeout(resolve, 150 * (tries + 1)));
  }
  return [element('a', { href: page }, 'The sandbox’s page'), ' shows it to its owner.'];
}

function panelOf(form, operation, title) {
  const id = `try-${operation}`;
  const panel = { form, fields: [] };
  const rows = [];
  const placed = form.sandbox !== null || form.addresses.some((one) => /\{(?:base|path)\}/.test(one));
  if (placed) rows.push(sandboxRow(panel, `${id}-place`));
  if (form.addresses.length > 1) {
    const options = form.addresses.map((one) => element('option', { value: one }, one));
    panel.address = element('select', { id: `${id}-address` }, ...options);
    rows.push(row(`${id}-address`, 'Address', '', panel.address, true));
  }
  // The sandbox that the path names stands in the first field already.
  const fields = form.fields.filter((field) => field.in !== 'path' || field.name !== form.sandbox);
  fields.forEach((field, index) => {
    const [control, made] = fieldRow(field, `${id}-${index}`);
    panel.fields.push([field, control]);
    if (field.name === 'grant_type') panel.grant = control;
    rows.push(made);
  });
  panel.grant?.addEventListener('change', () => fill(panel));
  panel.bearer = element('input', { id: `${id}-bearer`, type: 'text', autocomplete: 'off', spellcheck: false });
  rows.push(row(`${id}-bearer`, 'Bearer token', form.control ? 'the control token' : '', panel.bearer, true));
  panel.extra = element('textarea', { id: `${id}-extra`, rows: bodyFor(form) ? 6 : 2, value: bodyFor(form) });
  panel.extra.spellcheck = false;
  rows.push(row(`${id}-extra`, ...extraWords(form), panel.extra, true));
  panel.said = element('p', { className: 'try-said', role: 'status' });
  panel.result = element('div', { className: 'try-result' });
  const go = element('button', { type: 'submit', className: 'go' }, 'Send');
  const shown = element('form', { noValidate: true, 'aria-label': title }, ...rows, go);
  shown.addEventListener('submit', (event) => {
    event.preventDefault();
    busy(panel, go, () => sendForm(panel));
  });
  panel.root = element('div', { className: 'try', id }, shown, panel.said, panel.result);
  return panel;
}

function extraWords({ body, fields }) {
  if (body === 'form' || body === null)
    return [body === null ? 'Further query' : 'Further parameters', 'name=value, one a line'];
  return fields.some((field) => field.in === 'json')
    ? ['Further members', 'a JSON object']
    : ['Body', 'JSON, as it is sent'];
}

/** Opens the form of an operation below its line, or closes it. */
export async function toggle(button) {
  const open = document.getElementById(`try-${button.dataset.try}`);
  if (open) {
    open.hidden = !open.hidden;
    button.setAttribute('aria-expanded', String(!open.hidden));
    return;
  }
  if (button.getAttribute('aria-busy') === 'true') return;
  button.setAttribute('aria-busy', 'true');
  const answer = await send(`/reference/try.json?operation=${encodeURIComponent(button.dataset.try)}`).catch(
    () => null,
  );
  button.removeAttribute('aria-busy');
  const line = button.closest('.op-head');
  if (!answer?.ok) {
    line.after(
      element('p', { className: 'trouble', role: 'alert' }, 'The form cannot be loaded. Load the page again.'),
    );
    return;
  }
  if (panels.size === 0) await recall();
  const panel = panelOf(await answer.json(), button.dataset.try, button.textContent);
  panels.add(panel);
  line.after(panel.root);
  fill(panel);
  button.setAttribute('aria-expanded', 'true');
  button.setAttribute('aria-controls', panel.root.id);
  panel.root.querySelector('input, select, textarea').focus();
}

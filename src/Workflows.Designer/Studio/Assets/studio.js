// Joins Studio to this host: where its backend is, what its callbacks open, what happens when the session ends, and the edit lock.
(() => {
  const page = document.body.dataset;
  const chinese = page.language === 'zh-CN';
  const t = (zh, en) => chinese ? zh : en;
  const base = new URL(document.baseURI);
  const root = base.pathname.slice(0, -'designer/'.length);
  const api = root + 'elsa/api';
  const open = path => { location.href = base.pathname + path; };
  const state = document.querySelector('.bar-state');
  const element = document.getElementById('studio');
  const say = (text, bad) => { state.textContent = text; state.classList.toggle('bad', !!bad); };

  try { localStorage.setItem('BlazorCulture', page.language); } catch { /* a browser that keeps nothing starts in English */ }

  const expert = document.getElementById('expert');
  const isExpert = () => { try { return localStorage.getItem('designer-expert') === '1'; } catch { return false; } };
  const showExpert = on => { document.body.classList.toggle('expert', on); expert.checked = on; };
  showExpert(isExpert());
  expert.addEventListener('change', () => {
    try { localStorage.setItem('designer-expert', expert.checked ? '1' : '0'); } catch { /* for this page only, then */ }
    showExpert(expert.checked);
  });

  // A session that ended answers 401; Studio would stay at "Loading...", so the page goes to sign in and comes back.
  const plain = window.fetch.bind(window);
  let leaving = false;
  let reopening;
  window.fetch = async (input, init) => {
    const address = new URL(typeof input === 'string' ? input : input.url ?? input, document.baseURI);
    const method = (init?.method ?? input.method ?? 'GET').toUpperCase();
    const saves = method === 'POST' && address.pathname === api + '/workflow-definitions';
    if (saves && reopening) return new Promise(() => { });
    const answer = await plain(input, init);
    if (address.origin !== location.origin || !address.pathname.startsWith(root + 'elsa/')) return answer;
    if (answer.status === 401 && !leaving) {
      leaving = true;
      location.href = root + 'signin?returnUrl=' + encodeURIComponent(location.pathname + location.search);
    }
    if (saves) saved(answer);
    if (answer.ok && page.element === 'elsa-workflow-definition-editor' && address.pathname === api + '/workflow-definitions/import') reopen();
    if (!answer.ok && method !== 'GET') return refused(answer, method, address.pathname.slice(api.length));
    const waiting = answer.headers.get('X-Workflows-Needs-Reason');
    if (waiting) ask(waiting.split(',').map(id => decodeURIComponent(id.trim())));
    return answer;
  };

  // A refusal in one of Studio's lists breaks the list; it shows only those of saving, publishing and importing. So the page says what was
  // refused, and Studio hears of something that changed nothing. What was done is what the server did, and the list shows it.
  const nothing = {
    delete: { deleted: 0 },
    cancel: { cancelled: 0, cancelledCount: 0 },
    publish: { published: [], alreadyPublished: [], notFound: [], skipped: [], updatedConsumers: [] },
    import: { imported: 0 },
    retract: { retracted: [], alreadyRetracted: [], notFound: [] },
  };
  async function refused(answer, method, path) {
    const bulk = path.match(/^\/bulk-actions\/(delete|cancel|publish|retract|import)\//);
    const row = path.match(/^\/workflow-definitions\/([^/]+)\/(publish|retract)$/);
    if (!bulk && !row && method !== 'DELETE' && !path.startsWith('/cancel/')) return answer;
    note((await answer.clone().json().catch(() => null))?.message ?? t('操作未成功', 'This was refused'));
    if (bulk) return Response.json(nothing[bulk[1]]);
    if (!row) return new Response(null, { status: 204 });
    const latest = await plain(api + '/workflow-definitions/by-definition-id/' + row[1] + '?versionOptions=Latest');
    if (!latest.ok) return answer;
    const definition = await latest.json();
    return Response.json(row[2] === 'retract' ? definition : { workflowDefinition: definition, alreadyPublished: true, consumingWorkflowCount: 0 });
  }

  // An editor that took over a file may go on with the name and the variables it had before, and save those: what was imported is opened
  // anew, and nothing is saved until then. Several files chosen at once arrive one after another.
  function reopen() {
    clearTimeout(reopening);
    reopening = setTimeout(() => location.reload(), 700);
  }

  function note(text) {
    const box = document.createElement('div');
    box.className = 'own-note';
    box.setAttribute('role', 'alert');
    box.textContent = text;
    document.body.append(box);
    hush(10000);
    box.addEventListener('click', () => box.remove());
    setTimeout(() => box.remove(), 10000);
  }

  // Studio believes that what it asked for was done, and says so; not while the page says what is true.
  let hushed;
  function hush(time) {
    document.body.classList.add('hushed');
    clearTimeout(hushed);
    hushed = setTimeout(() => document.body.classList.remove('hushed'), time);
  }

  const retry = document.getElementById('retry');
  retry?.addEventListener('click', async () => {
    retry.disabled = true;
    const answer = await plain(api + '/alterations/workflows/retry', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ workflowInstanceIds: [element.getAttribute('instance-id')] }) }).catch(() => null);
    const result = answer?.ok ? (await answer.json()).results?.[0] : null;
    // Studio stops following an instance that had ended when it was opened.
    if (result?.isSuccessful) return location.reload();
    say(answer?.ok ? t('没有可重试的步骤', 'Nothing to try again') : t('重试失败', 'Retrying failed'), true);
    retry.disabled = false;
  });

  // Studio has no field for a reason, and would not wait while one is written: it is answered that the draft is saved, and the page submits.
  const why = document.getElementById('why');
  let submitting = [];
  function ask(ids) {
    submitting = ids;
    if (page.element === 'elsa-workflow-definition-list') hush(10000);
    why.querySelector('.ask-problem').hidden = true;
    if (!why.open) why.showModal();
  }

  // Keys typed into the reason are not Studio's.
  why?.addEventListener('keydown', e => e.stopPropagation());
  why?.querySelector('form').addEventListener('submit', async e => {
    if (e.submitter?.value !== 'submit') {
      say(t('草稿已保存，尚未提交审批', 'The draft is saved and not submitted'));
      return;
    }
    e.preventDefault();
    e.submitter.disabled = true;
    const reason = encodeURIComponent(why.querySelector('textarea').value.trim());
    const problems = [];
    for (const id of submitting) {
      const answer = await plain(api + '/workflow-definitions/' + encodeURIComponent(id) + '/publish', { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Workflows-Reason': reason }, body: '{}' }).catch(() => null);
      if (answer?.ok && answer.headers.get('X-Workflows-Change')) submitted(answer.headers.get('X-Workflows-Change'));
      else problems.push(answer ? (await answer.json().catch(() => null))?.message ?? t('提交失败', 'Submitting failed') : t('连接中断，请重试', 'No connection, try again'));
    }
    e.submitter.disabled = false;
    if (problems.length === 0) return why.close();
    const problem = why.querySelector('.ask-problem');
    problem.textContent = problems.join(' ');
    problem.hidden = false;
  });

  function submitted(change) {
    say(t('已提交审批', 'Submitted for approval'));
    document.querySelector('#submit')?.replaceWith(pill(root + 'instances/' + change, t('变更审批中', 'A change is being approved')));
  }

  function saved(answer) {
    if (answer.ok) {
      const change = answer.headers.get('X-Workflows-Change');
      if (change) {
        submitted(change);
      } else {
        const time = new Date().toLocaleTimeString(page.language, { hour12: false });
        say(answer.headers.get('X-Workflows-Published') ? t('已发布 ', 'Published ') + time : t('已保存 ', 'Saved ') + time);
      }
    } else {
      say(answer.status === 400 ? t('未保存，请看提示', 'Not saved, see the message') : t('保存失败', 'Saving failed'), true);
    }
  }

  function pill(href, text) {
    const link = document.createElement('a');
    link.className = 'bar-pill warn';
    link.href = href;
    link.textContent = text;
    return link;
  }

  // The lock lapses by itself two minutes after the last sign of life.
  if (page.edits && page.start && page.definition) {
    const lock = base.pathname + 'edit/' + encodeURIComponent(page.definition);
    const send = (what, beacon) => plain(lock + what, { method: 'POST', headers: { 'X-CSRF-Token': page.proof }, keepalive: beacon });
    const beat = async () => {
      const answer = await send('/lock').catch(() => null);
      if (answer?.status === 409) {
        say(t('已被他人接管，此页不再保存', 'Taken over by somebody else: this page saves no more'), true);
        clearInterval(timer);
      }
    };
    const timer = setInterval(beat, 30000);
    addEventListener('pagehide', () => send('/unlock', true).catch(() => null));
  }

  if (!element) return;
  document.getElementById('backend').setAttribute('remote-endpoint', location.origin + api);
  // Callbacks are properties, and the element's constructor drops those set before it is defined.
  customElements.whenDefined(element.localName).then(() => {
    element.editWorkflowDefinition = id => open('edit/' + encodeURIComponent(id));
    element.viewWorkflowInstance = id => open('instance/' + encodeURIComponent(id));
  });
})();

// Files dropped on a page, or chosen: sent one after the other, each with its own bar and its own answer.
(() => {
  const form = document.querySelector("form[data-drop]");
  if (!form) return;
  const chooser = form.querySelector("input[type='file']");
  const list = form.querySelector(".dropped");
  const goOn = form.querySelector("[data-go-on]");
  const dialog = form.closest("dialog");
  let busy = false;

  function line(name) {
    const row = document.createElement("li");
    const label = document.createElement("span");
    const bar = document.createElement("progress");
    label.textContent = name;
    bar.className = "bar";
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", name);
    row.append(label, bar);
    list.append(row);
    return { row, bar };
  }
  function end({ row, bar }, text, wrong) {
    const said = document.createElement("span");
    said.className = wrong ? "dropped-wrong" : "dropped-taken";
    said.textContent = text;
    bar.replaceWith(said);
    row.classList.toggle("wrong", wrong);
  }
  function send(file) {
    const shown = line(file.name);
    if (file.size > Number(form.dataset.most) * 1024 * 1024) {
      end(shown, form.dataset.tooLarge, true);
      return Promise.resolve("");
    }
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    body.append("file", file);
    return new Promise((resolve) => {
      const call = new XMLHttpRequest();
      call.open("POST", form.action);
      call.setRequestHeader("Accept", "application/json");
      call.responseType = "json";
      call.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) shown.bar.value = event.loaded / event.total;
        if (event.loaded === event.total) shown.bar.removeAttribute("value"); // it is being looked at
      });
      call.addEventListener("loadend", () => {
        const { address = "", problem = "" } = call.response || {};
        end(shown, address ? form.dataset.taken : problem || form.dataset.failed, !address);
        resolve(address);
      });
      call.send(body);
    });
  }
  async function sendAll(files) {
    if (busy || !files.length) return;
    busy = true;
    list.replaceChildren();
    goOn.hidden = true;
    const taken = [];
    for (const file of files) taken.push(await send(file));
    busy = false;
    chooser.value = "";
    const first = taken.find(Boolean);
    if (first && taken.every(Boolean)) location.assign(first);
    else if (first) {
      goOn.href = first;
      goOn.hidden = false;
      goOn.focus();
    }
  }

  const holdsFiles = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
  chooser.addEventListener("change", () => sendAll([...chooser.files]));
  form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("dragenter", (event) => {
    if (!holdsFiles(event)) return;
    if (dialog && !dialog.open) dialog.showModal();
    form.classList.add("over");
  });
  document.addEventListener("dragover", (event) => {
    if (holdsFiles(event)) event.preventDefault();
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget) return;
    form.classList.remove("over");
    if (dialog && !busy && !list.children.length) dialog.close();
  });
  document.addEventListener("drop", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    form.classList.remove("over");
    sendAll([...event.dataTransfer.files]);
  });
})();

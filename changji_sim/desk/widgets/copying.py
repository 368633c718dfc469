"""Scripts that hand texts and pictures of the page on: to the clipboard, or as a file where that cannot be had."""

# A page that is opened over plain http from another machine may not use the browser's own clipboard: there the older
# way copies texts, and a picture is saved as a file.
COPYING = r"""
async function copyText(text, around) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    field.style.cssText = "position: fixed; opacity: 0;";
    around.append(field);
    field.select();
    const isCopied = document.execCommand("copy");
    field.remove();
    return isCopied;
  }
}

async function copyPicture(blob) {
  try {
    await navigator.clipboard.write([new ClipboardItem({"image/png": blob})]);
    return true;
  } catch {
    return false;
  }
}

function saveFile(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
"""

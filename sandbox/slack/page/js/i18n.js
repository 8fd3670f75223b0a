// The page's own words in the acting person's language.

const WORDS = {
  "zh-CN": {
    actingAs: "当前身份", switchPerson: "切换身份", newWindow: "在新窗口打开", channels: "频道", apps: "应用", home: "主页", messages: "消息",
    back: "返回", close: "关闭", send: "发送", attach: "添加文件", samples: "样例发票", samplesHint: "点一张，就会发到当前对话", noSamples: "还没有样例发票",
    write: "发消息给 {name}", replyHere: "回复…", thread: "消息列", replies: "{n} 条回复", replyInThread: "在消息列中回复", more: "更多操作",
    deleteMessage: "删除消息", deleteFile: "删除文件", onlyYou: "仅你可见", edited: "已编辑", app: "应用", members: "{n} 人",
    dropHere: "松手即可发送到 {name}", remove: "移除 {name}", fileGone: "文件已删除", noHome: "应用还没有发布主页。", emptyTitle: "这里还没有消息", emptyHint: "拖入一张发票，或输入 / 使用命令。",
    chooseOne: "请选择", loading: "请稍候…", fixErrors: "请检查标出的内容", optional: "（选填）", cancel: "取消", commandsNotInThreads: "命令不能在消息列里使用",
    offline: "连接断开，正在重连…", online: "已重新连接", newFrom: "{name}：{text}", commands: "命令", rows: "第 {from}–{to} 行，共 {n} 行", previous: "上一页", next: "下一页", search: "输入以搜索",
    stranger: "外部", picture: "查看大图", deactivated: "已停用", skip: "跳到输入框", notAllowed: "图片不可见", jump: "查看", newMessages: "新消息", conversations: "对话", info: "提示", warning: "注意", error: "错误", success: "成功", botOnline: "在线", botAway: "没有应答", failed: "没有成功：{why}",
  },
  en: {
    actingAs: "Acting as", switchPerson: "Switch person", newWindow: "Open in a new window", channels: "Channels", apps: "Apps", home: "Home", messages: "Messages",
    back: "Back", close: "Close", send: "Send", attach: "Add files", samples: "Sample invoices", samplesHint: "Pick one to drop it into this conversation", noSamples: "There are no samples yet",
    write: "Message {name}", replyHere: "Reply…", thread: "Thread", replies: "{n} replies", replyInThread: "Reply in thread", more: "More actions",
    deleteMessage: "Delete message", deleteFile: "Delete file", onlyYou: "Only visible to you", edited: "edited", app: "APP", members: "{n} members",
    dropHere: "Drop to send to {name}", remove: "Remove {name}", fileGone: "This file was deleted", noHome: "The app has not published a Home tab yet.", emptyTitle: "No messages yet", emptyHint: "Drop an invoice here, or type / for commands.",
    chooseOne: "Choose", loading: "One moment…", fixErrors: "Please check the marked fields", optional: " (optional)", cancel: "Cancel", commandsNotInThreads: "Commands do not work in threads",
    offline: "Connection lost, reconnecting…", online: "Connected again", newFrom: "{name}: {text}", commands: "Commands", rows: "Rows {from}–{to} of {n}", previous: "Previous", next: "Next", search: "Type to search",
    stranger: "external", picture: "View picture", deactivated: "deactivated", skip: "Skip to message box", notAllowed: "Picture not available", jump: "Show", newMessages: "New messages", conversations: "Conversations", info: "Info", warning: "Warning", error: "Error", success: "Success", botOnline: "online", botAway: "not answering", failed: "That did not work: {why}",
  },
};

let words = WORDS.en;

export function speak(locale) {
  words = locale.startsWith("zh") ? WORDS["zh-CN"] : WORDS.en;
  document.documentElement.lang = locale;
}

export function t(key, values = {}) {
  return words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

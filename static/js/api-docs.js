// The fixed words of Swagger UI in Chinese; it has no language setting of its own.
(() => {
  "use strict";

  const words = {
    "Authorize": "授权",
    "Logout": "注销",
    "Close": "关闭",
    "Available authorizations": "可用的授权方式",
    "Scopes are used to grant an application different levels of access to data on behalf of the end user. Each API may declare one or more scopes.":
      "权限决定凭据能读写哪些数据。",
    "API requires the following scopes. Select which ones you want to grant to Swagger UI.":
      "请选择这次要用的权限。",
    "Scopes:": "权限：",
    "select all": "全选",
    "select none": "全不选",
    "Token URL:": "令牌地址：",
    "Flow:": "授权方式：",
    "client_id:": "客户端编号：",
    "client_secret:": "密钥：",
    "Try it out": "试一试",
    "Cancel": "取消",
    "Execute": "执行",
    "Clear": "清除",
    "Reset": "重置",
    "Parameters": "参数",
    "No parameters": "没有参数",
    "Name": "名称",
    "Description": "说明",
    "Responses": "应答",
    "Response body": "应答内容",
    "Response headers": "应答头",
    "Request body": "请求体",
    "Request URL": "请求地址",
    "Server response": "服务器应答",
    "Code": "状态码",
    "Details": "详情",
    "Links": "链接",
    "No links": "无",
    "Media type": "媒体类型",
    "Controls Accept header.": "决定 Accept 头。",
    "Example Value": "示例",
    "Examples": "示例",
    "Example Description": "示例说明",
    "Schema": "结构",
    "Schemas": "数据结构",
    "Model": "结构",
    "Expand all": "全部展开",
    "Collapse all": "全部收起",
    "Download": "下载",
    "required": "必填",
    "Servers": "服务器",
    "Send empty value": "传空值",
    "Loading": "正在载入",
    "Add item": "增加一项",
    "Add string item": "增加一项",
    "Remove": "移除",
  };
  const skip = new Set(["SCRIPT", "STYLE", "TEXTAREA", "CODE", "PRE"]);

  const translate = (root) => {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      const parent = node.parentElement;
      if (!parent || skip.has(parent.tagName)) {
        continue;
      }
      const found = words[node.nodeValue.trim()];
      if (found) {
        node.nodeValue = found;
      }
    }
  };

  const page = document.getElementById("swagger-ui");
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) {
        translate(node.nodeType === Node.TEXT_NODE ? node.parentNode : node);
      }
    }
  }).observe(page, { childList: true, subtree: true });
  translate(page);
})();

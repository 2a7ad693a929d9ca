import{g as t}from"./chunk-RLH3V6A7.js";function p({model:o}){return t("p",{children:o.title})}export{p as default};

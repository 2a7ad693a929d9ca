import{g as o}from"./chunk-RLH3V6A7.js";function e({model:t}){return o("p",{children:t.title})}export{e as default};

import{a}from"./chunk-6PDGEU63.js";import"./chunk-2E73IVXB.js";import"./chunk-RLH3V6A7.js";export{a as Export};

import{e as a}from"./chunk-FEMI66YL.js";import"./chunk-SZSOUBWU.js";import"./chunk-WGHJM7GW.js";import"./chunk-J4EQQLRF.js";import"./chunk-SQE76S5B.js";export{a as Source};
